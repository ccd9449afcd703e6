import { asDeviceError, DeviceError } from '../../../devices/errors.ts'
import { diagnoseMachine } from '../../../devices/identify/diagnose.ts'
import type { FoundPort, Identified, IdentifyStep } from '../../../devices/identify/found.ts'
import { identifyAddress } from '../../../devices/identify/identify-address.ts'
import { identifyPort } from '../../../devices/identify/identify-port.ts'
import { listPorts } from '../../../devices/identify/list-ports.ts'
import type { PortRoots } from '../../../devices/identify/roots.ts'
import { scanNow } from '../../../devices/identify/scan-now.ts'
import { watchPorts } from '../../../devices/identify/watch-ports.ts'
import type { Kind } from '../../../devices/kinds.ts'
import { openLink } from '../../../devices/link/open-link.ts'
import type { Console } from '../../api/technician-contract.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type CommandOf, type ConsolePart, Refused } from '../console-part.ts'
import { PortList, shownTrouble } from './port-list.ts'
import { usedBy } from './port-use.ts'

type Identify = Console['identify']
type IdentifyCommand =
  | 'list-ports'
  | 'wait-for-plug'
  | 'ask-port'
  | 'ask-all-ports'
  | 'ask-address'
  | 'scan-now'
  | 'stop-identify'

const kinds: readonly Kind[] = [
  ...(['id-card-reader', 'code-scanner', 'thermometer'] as const),
  ...(['gate', 'receipt-printer', 'auxiliaries'] as const),
]

/** Finds out what hangs where. A port of a configured device is never opened: its driver has it. */
export function createIdentifyPart(
  context: ConsoleContext,
  roots: PortRoots,
): ConsolePart<'identify', IdentifyCommand> {
  const { clock, terminal } = context
  const ports = new PortList()
  let troubles: Identify['troubles'] = []
  let progress = { done: 0, total: 0 }
  let job:
    | { readonly state: Identify['state']; readonly stop: AbortController; done: Promise<void> }
    | undefined

  const userOf = (port: FoundPort) => usedBy(port, context.devices.running)

  /** One thing at a time; waiting for a plug gives way to everything else. */
  async function begin(
    state: Identify['state'],
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (job && job.state !== 'plug')
      throw new Refused('busy', 'Ports are being asked already; stop that first, or wait.')
    await stop()
    const stopping = new AbortController()
    progress = { done: 0, total: 0 }
    const started = { state, stop: stopping, done: Promise.resolve() }
    job = started
    started.done = work(stopping.signal)
      .catch((error) => {
        if (!stopping.signal.aborted) context.log('identifying ended early', { error })
      })
      .finally(() => {
        ports.stopped()
        if (job === started) job = undefined
        context.changed()
      })
    context.changed()
  }

  async function stop(): Promise<void> {
    job?.stop.abort(new DeviceError('link-closed', 'the technician stopped it'))
    await job?.done
  }

  async function list(): Promise<readonly FoundPort[]> {
    const found = await listPorts(roots)
    ports.listed(found)
    context.changed()
    return found
  }

  async function lookAround(): Promise<void> {
    const [, machine] = await Promise.all([list(), diagnoseMachine(roots)])
    troubles = machine.map(shownTrouble)
  }

  async function waitForPlug(signal: AbortSignal): Promise<void> {
    ports.nothingIsFresh()
    for await (const { came } of watchPorts(list, { clock, signal })) {
      ports.cameAnew(came.map(({ id }) => id))
      context.changed()
    }
  }

  /** What is asked is told; what cannot be asked has its reason as a trouble of that port. */
  async function askOne(id: string, asking: () => Promise<Identified>, signal: AbortSignal): Promise<void> {
    ports.asking(id)
    context.changed()
    try {
      ports.answered(id, await asking())
    } catch (thrown) {
      if (signal.aborted) throw thrown
      const { code, message } = asDeviceError(thrown, 'open-failed', id)
      ports.failed(id, { code, message })
    }
    context.changed()
  }

  async function askPort({ port: id, kind }: CommandOf<'ask-port'>): Promise<void> {
    refuseSimulated()
    const claimed = kinds.find((each) => each === kind)
    if (kind !== undefined && !claimed)
      throw new Refused('bad-options', `kind: found "${kind}"; expected one of ${kinds.join(', ')}`)
    const port = (await list()).find((each) => each.id === id)
    if (!port) throw new Refused('unknown-port', `There is no port "${id}" any more.`)
    const user = userOf(port)
    if (user !== undefined) throw new Refused('busy', `${port.label} is used by "${user}".`)
    const onStep = ({ done, of }: IdentifyStep) => advance(done, of)
    await begin('asking', (signal) =>
      askOne(
        id,
        () => identifyPort(port, { ...asked(signal), ...(claimed ? { claimed } : {}), onStep }),
        signal,
      ),
    )
  }

  async function askAll(): Promise<void> {
    refuseSimulated()
    await begin('asking', async (signal) => {
      const free = (await list()).filter((port) => userOf(port) === undefined)
      for (const [at, port] of free.entries()) {
        signal.throwIfAborted()
        advance(at, free.length)
        await askOne(port.id, () => identifyPort(port, asked(signal)), signal)
      }
    })
  }

  async function askAddress({ host, port }: CommandOf<'ask-address'>): Promise<void> {
    refuseSimulated()
    const address = `tcp ${host}:${port}`
    const user = context.devices.running.find(({ configured: { driver, options } }) => {
      const link = driver.link(options)
      return link.type === 'tcp' && link.host === host && link.port === port
    })
    if (user) throw new Refused('busy', `${address} is used by "${user.settings.id}".`)
    await begin('asking', (signal) =>
      askOne(ports.address(host, port), () => identifyAddress({ host, port }, asked(signal)), signal),
    )
  }

  async function listenForCode(): Promise<void> {
    refuseSimulated()
    await begin('scan-now', async (signal) => {
      const free = (await list()).filter((port) => userOf(port) === undefined)
      const onStep = ({ done, of }: IdentifyStep) => advance(done, of)
      const { candidates, keyboards, refused } = await scanNow(free, { ...asked(signal), onStep })
      for (const id of new Set(candidates.map(({ port }) => port))) {
        const own = candidates.filter(({ port }) => port === id)
        ports.answered(id, { candidates: own, heard: true, withheld: [] })
      }
      for (const { port, code } of refused)
        ports.failed(port, { code, message: `${port}: it could not be listened to (${code})` })
      const keyboardTroubles = keyboards.map((label) => ({
        code: 'keyboard',
        message: `${label} types like a keyboard: if that is the scanner, set it to serial or HID POS by the codes of its manual`,
        values: { label },
      }))
      const other = troubles.filter(({ code }) => code !== 'keyboard')
      troubles = candidates.length > 0 ? other : [...other, ...keyboardTroubles]
    })
  }

  function asked(signal: AbortSignal) {
    return { openLink, clock, signal }
  }

  function advance(done: number, total: number): void {
    progress = { done, total }
    context.changed()
  }

  function refuseSimulated(): void {
    if (!terminal.simulated) return
    throw new Refused(
      'simulated',
      'This terminal is simulated as a whole, so real ports are not touched. Start it with a terminal that is not ("simulated": false).',
    )
  }

  return {
    view: () => ({
      identify: { state: job?.state ?? 'idle', ...progress, ports: ports.view(userOf), troubles },
    }),
    commands: {
      'list-ports': { needs: 'sign-in', run: () => begin('listing', lookAround) },
      'wait-for-plug': { needs: 'sign-in', run: () => begin('plug', waitForPlug) },
      'ask-port': { needs: 'vendor-mode', run: askPort },
      'ask-all-ports': { needs: 'vendor-mode', run: askAll },
      'ask-address': { needs: 'vendor-mode', run: askAddress },
      'scan-now': { needs: 'vendor-mode', run: listenForCode },
      'stop-identify': { needs: 'sign-in', run: stop },
    },
    beforeLeaving: stop,
    close: stop,
  }
}
