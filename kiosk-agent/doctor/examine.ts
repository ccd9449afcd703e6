import { ConfigError } from '../../config/read-config.ts'
import { diagnoseMachine } from '../../devices/identify/diagnose.ts'
import { listPorts } from '../../devices/identify/list-ports.ts'
import type { PortRoots } from '../../devices/identify/roots.ts'
import { type LoadedTerminal, loadTerminal } from '../load-terminal.ts'
import { examineData } from './examine-data.ts'
import { examineDevices, portFolders } from './examine-devices.ts'
import { examinePorts } from './examine-ports.ts'
import { examineClock, examineRuntime } from './examine-system.ts'
import { type Finding, fault, ok } from './finding.ts'

export interface Patient {
  readonly terminalFile: string
  readonly dataFolder: string
  /** The machine; its extra folders are completed by those the configuration names. */
  readonly roots: PortRoots
  /** The folder below which the configuration's absolute paths lie: "/" but for a tree of a test. */
  readonly root: string
  readonly now: number
}

/** Looks at everything a terminal needs, and opens no port: an agent may be running meanwhile. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { terminalFile, dataFolder, now } = patient
  const runtime = examineRuntime()
  const loaded = await load(terminalFile, dataFolder)
  const extra = 'terminal' in loaded ? await portFolders(loaded.terminal, patient.root) : []
  const roots = { ...patient.roots, extra: [...patient.roots.extra, ...extra] }
  // A copy of a machine's files has no libraries that could be loaded here.
  const packages = patient.root === '/' ? undefined : {}
  const [ports, machine] = await Promise.all([listPorts(roots), diagnoseMachine(roots, packages)])
  if (!('terminal' in loaded))
    return [runtime, ...loaded, ...examinePorts({ ports, machine, uses: 'unknown' })]
  const { terminal, folders } = loaded
  const devices = await examineDevices(terminal, { ports, roots, root: patient.root })
  return [
    runtime,
    ok('configuration', `${terminalFile}: terminal ${terminal.id}, ${terminal.devices.length} devices`),
    ...devices.findings,
    ...examinePorts({
      ports,
      machine,
      uses: terminal.simulated ? 'nothing' : devices.transports,
      used: devices.used,
    }),
    ...(await examineData(folders)),
    ...(await examineClock({ now, ledger: folders.ledger, root: patient.root })),
  ]
}

async function load(terminalFile: string, dataFolder: string): Promise<LoadedTerminal | Finding[]> {
  try {
    return await loadTerminal(terminalFile, dataFolder)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n').map((line) => fault('configuration', line))
  }
}
