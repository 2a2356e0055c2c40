// Builds one of the two pages to a script and a style sheet, which the Rust program embeds: `--mode page` the page of a
// run that is a file, `--mode live` the page that `runsheet ui` serves.
import { defineConfig } from "vite";

export default defineConfig(({ mode }) => ({
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    outDir: "dist",
    // Each build leaves the files of the other.
    emptyOutDir: false,
    target: ["chrome111", "firefox115", "safari16.4"],
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    minify: "esbuild",
    rollupOptions: {
      input: `src/${mode}.tsx`,
      output: {
        format: "iife",
        entryFileNames: `${mode}.js`,
        assetFileNames: `${mode}.[ext]`,
        inlineDynamicImports: true,
      },
    },
  },
}));
