export { lookForNewer, newerBuild, watchForNewer } from "./newer";
export { keepOfflinePage } from "./offline";
