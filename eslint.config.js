import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The instant, chance and the environment come into the domain as arguments. */
const PURITY = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'The domain has no clock: take the instant as an argument.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The domain has no clock: take the instant as an argument.' },
  { selector: "CallExpression[callee.name='Date']", message: 'The domain has no clock: take the instant as an argument.' },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'The domain has no chance: take it as an argument.' },
  { selector: ':function[async=true]', message: 'The domain is synchronous.' },
  { selector: 'AwaitExpression', message: 'The domain is synchronous.' },
];

const PURE_GLOBALS = ['process', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto', 'fetch', 'console', 'globalThis']
  .map((name) => ({ name, message: 'The domain is pure.' }));

/** `as unknown as` switches the type checker off; enums are string unions here. */
const STYLE = [
  { selector: "TSAsExpression[expression.type='TSAsExpression'][expression.typeAnnotation.type='TSUnknownKeyword']", message: 'No cast through unknown.' },
  { selector: 'TSEnumDeclaration', message: 'Write a union of strings.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
];
const NO_DEFAULT = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', '.tap/**', 'var/**', 'coverage/**', '**/*.cjs'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,js,mjs}'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', ...STYLE, NO_DEFAULT],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', prefer: 'type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-control-regex': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...STYLE, NO_DEFAULT, ...PURITY],
      'no-restricted-globals': ['error', ...PURE_GLOBALS],
    },
  },
  // Tools read their configuration from a default export; types of packages without any are written as theirs.
  { files: ['*.config.js', '**/*.d.ts'], rules: { 'no-restricted-syntax': ['error', ...STYLE] } },
  {
    // A file that grows past this does a second thing: split it before it reaches the limit above.
    plugins: { size: { rules: { 'grown-file': grownFile(250) } } },
    files: ['src/**/*.ts', 'sip/**/*.ts', 'test/**/*.ts'],
    rules: { 'size/grown-file': 'warn' },
  },
);

/** The same count as `max-lines`, as a warning: ESLint keeps one severity a rule. */
function grownFile(max) {
  return {
    create: (context) => ({
      'Program:exit'(node) {
        const { lines: all } = context.sourceCode;
        const lines = all.at(-1) === '' ? all.length - 1 : all.length;
        if (lines > max) context.report({ node, message: `${lines} lines: past ${max}, look for the second thing inside.` });
      },
    }),
  };
}
