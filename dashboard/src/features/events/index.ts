export { ActivityPage } from "./components/activity";
export { SessionEvents } from "./components/session-events";
export { UnseenBadge } from "./components/unseen-badge";
