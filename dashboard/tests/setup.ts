import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { answerRelativeUrls } from "./backend";

answerRelativeUrls();
afterEach(cleanup);
