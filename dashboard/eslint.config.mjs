import next from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

/** A feature may use the features below it, and only through their front doors (their index.ts). */
const stack = ["events", "reports", "sessions", "stations", "venues", "staff"];

const notAbove = stack.map((feature, height) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["@/features/*/*"], message: "Use a feature through its front door: @/features/<noun>." },
          ...stack
            .slice(0, height + 1)
            .map((other) => ({ group: [`@/features/${other}`], message: `${feature} may not import ${other}.` })),
          { group: ["@/app/*"], message: "Features don't know the pages." },
        ],
      },
    ],
  },
}));

const businessFree = {
  files: ["src/lib/**", "src/components/ui/**"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: ["@/features/*", "@/app/*"], message: "lib and components/ui know no feature." }] },
    ],
  },
};

const config = [
  { ignores: ["node_modules/", ".next/", "out/", "e2e/", "next-env.d.ts", "src/lib/api/schema.d.ts"] },
  ...next,
  ...nextTypescript,
  {
    files: ["src/**"],
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@/features/*/*"], message: "Use a feature through its front door: @/features/<noun>." },
          ],
        },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: ["error", "always"],
      "no-console": "error",
    },
  },
  { files: ["src/app/**/page.tsx"], rules: { "max-lines": ["error", { max: 40 }] } },
  businessFree,
  ...notAbove,
];

export default config;
