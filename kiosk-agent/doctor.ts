import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findUser } from '../devices/identify/permission.ts'
import { type PortRoots, rootsUnder } from '../devices/identify/roots.ts'
import { examine } from './doctor/examine.ts'
import { asText } from './doctor/finding.ts'

const project = join(import.meta.dirname, '..')
const usage = `npm run doctor -- [--terminal FILE] [--data DIR] [--user NAME] [--ports DIR]… [--root DIR] [--json]

  Looks at ports, permissions, libraries, the configured devices, the data folder, the ledger and the clock. Opens no port, so
  it may run beside the agent. 0: nothing to mend; 1: something to mend, with the commands for it; 2: could not look.

  --terminal  the terminal's configuration (config/terminals/demo.json)
  --data      the data folder (data/)
  --user      whose permissions count, where that is not whoever runs this
  --ports     a folder with more ports, as those of "npm run simulate"
  --root      looks at a copy of a machine's files below this folder
  --json      findings as JSON
`

/** Exit codes of the command. */
const Exit = { healthy: 0, ill: 1, notLooked: 2 } as const

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        terminal: { type: 'string', default: join(project, 'config/terminals/demo.json') },
        data: { type: 'string', default: join(project, 'data') },
        user: { type: 'string' },
        ports: { type: 'string', multiple: true, default: [] },
        root: { type: 'string', default: '/' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(usage)
      return Exit.healthy
    }
    const root = resolve(values.root)
    const findings = await examine({
      terminalFile: resolve(values.terminal),
      dataFolder: resolve(values.data),
      roots: await rootsFor(
        root,
        values.ports.map((folder) => resolve(folder)),
        values.user,
      ),
      root,
      now: Date.now(),
    })
    process.stdout.write(values.json ? `${JSON.stringify(findings, null, 2)}\n` : asText(findings))
    return findings.some(({ level }) => level === 'fault') ? Exit.ill : Exit.healthy
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return Exit.notLooked
  }
}

async function rootsFor(
  root: string,
  ports: readonly string[],
  name: string | undefined,
): Promise<PortRoots> {
  const roots = rootsUnder(root, ports)
  if (name === undefined) return roots
  const user = await findUser(roots, name)
  if (!user) throw new RangeError(`--user: ${join(root, 'etc/passwd')} knows no user ${name}`)
  return { ...roots, user }
}
