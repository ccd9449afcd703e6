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

// The agent alone: what it parsed is kept beside its data. Switched on here, before Node meets the first TypeScript file, so
// that a second start never loads the type stripper: a quarter of a second and 15 MB less. And its heap keeps the small
// nursery it starts with: nothing here makes garbage fast enough to be worth 15 MB more.
const { basename, join, resolve } = require('node:path')
if (require('node:worker_threads').isMainThread && basename(process.argv[1] ?? '') === 'start.ts') {
  const { values } = require('node:util').parseArgs({ options: { data: { type: 'string' } }, strict: false })
  const data = typeof values.data === 'string' ? resolve(values.data) : join(__dirname, '..', 'data')
  require('node:v8').setFlagsFromString('--semi-space-growth-factor=1')
  require('node:module').enableCompileCache(join(data, 'compile-cache'))
}
