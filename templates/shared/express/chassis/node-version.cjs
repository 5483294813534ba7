// An older Node cannot even read the .ts files, and its errors do not say so.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  process.stderr.write(`Node 24.7 or later is needed; this is ${process.version}.\n`);
  process.exit(1);
}
