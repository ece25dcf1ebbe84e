export { AccountMenu } from "./components/account-menu";
export { TeamPage } from "./components/team-page";
export { SignInGate } from "./components/sign-in-gate";
export { useMayManage, useMayRunSessions, useMe, useMeNews } from "./queries";
export type { Role } from "./roles";
