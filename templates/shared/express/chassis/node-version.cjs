// An older Node cannot even read the .ts files, and its errors do not say so.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`Node 24 is needed; this is ${process.version}.\n`);
  process.exit(1);
}
