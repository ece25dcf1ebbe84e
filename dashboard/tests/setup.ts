import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { answerRelativeUrls } from "./backend";

answerRelativeUrls();
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);
