export { ActivityPage } from "./components/activity";
export { SessionEvents } from "./components/session-events-later";
export { UnseenBadge } from "./components/unseen-badge";
