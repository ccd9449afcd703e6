// Loaded before everything else (node --require), in plain CommonJS so that even an old Node understands it.
const major = Number(process.versions.node.split('.')[0])
if (major !== 24) {
  process.stderr.write(
    `Hall Kiosk runs on Node 24, but this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Node 24 comes with the project: run "npm ci", then start through npm ("npm start"), which uses it.\n' +
      'On a machine without a packaged Node (a Mac), install Node 24 and run "npm ci" again.\n',
  )
  process.exit(1)
}
