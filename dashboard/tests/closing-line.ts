import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with `N passed, N failed`, which make and CI read. A file that can't load, and an error outside of any
 * test, count as one failure each. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const file of modules) {
      for (const test of file.children.allTests("passed")) passed += test ? 1 : 0;
      for (const test of file.children.allTests("failed")) failed += test ? 1 : 0;
      if (file.state() === "failed" && file.errors().length > 0) failed += 1;
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
