import { DeviceError } from '../../devices/errors.ts'
import type { AnyLink } from '../../devices/link/link.ts'
import { type ConfiguredDevice, configureDevice } from '../../devices/registry.ts'
import type { AnySimulator } from '../../devices/simulation.ts'
import { type Cable, plug, simulatorOf } from '../../kiosk-agent/bench/simulated-devices.ts'
import { type KindEvent, startDeviceHub } from '../../kiosk-agent/device-hub.ts'
import { behindBadCable, type Damage } from './bad-cable.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { settingsOf } from './model-settings.ts'

/** One model as the agent runs it, on a cable the test holds in its hands, in a time the test moves. */
export interface ModelBench {
  readonly clock: FakeClock
  readonly device: ConfiguredDevice
  /** What really sits at the other end. */
  readonly simulator: AnySimulator<unknown>
  readonly events: readonly KindEvent[]
  /** Why it was not online, each time that changed. */
  readonly codes: readonly string[]
  state(): string | undefined
  /** Online; of a printer also that it could print. */
  isUsable(): boolean
  /** Whether it was so at any moment. */
  wasUsable(): boolean
  unplug(): void
  plugIn(): void
  /** Links that are open at the agent's end. */
  open(): number
  /** Stops the agent; everything it opened has to be closed then. */
  close(): Promise<void>
}

export interface ModelBenchOptions {
  /** The model whose device is at the other end, instead of its own. */
  readonly stranger?: string
  readonly damage?: Damage
  readonly clock?: FakeClock
}

export function configured(model: string): Promise<ConfiguredDevice> {
  return configureDevice({ id: model, driver: model, options: settingsOf(model) })
}

export async function modelBench(model: string, options: ModelBenchOptions = {}): Promise<ModelBench> {
  const { clock = fakeClock(), stranger = model, damage } = options
  const device = await configured(model)
  const simulator = await simulatorOf(await configured(stranger), clock)
  const wired = damage ? behindBadCable(simulator, damage) : simulator
  const cables = new Set<Cable>()
  const events: KindEvent[] = []
  const codes: string[] = []
  let plugged = true
  let faulty = false
  let wasUsable = false

  async function openLink(id: string): Promise<AnyLink> {
    if (!plugged) throw new DeviceError('not-found', `${id}: the cable is out`)
    const cable = plug(wired, model, clock)
    cables.add(cable)
    cable.near.closed.addEventListener('abort', () => cables.delete(cable))
    return cable.near
  }

  const hub = startDeviceHub({
    devices: [device],
    openLink,
    clock,
    log: () => {},
    onEvent(event) {
      events.push(event)
      if (event.kind === 'receipt-printer' && event.event.type === 'paper')
        faulty = event.event.status.fault !== undefined
    },
    onState({ state, error }) {
      codes.push(error?.code ?? 'online')
      wasUsable ||= state === 'online' && !faulty
    },
  })
  return {
    clock,
    device,
    simulator,
    events,
    codes,
    state: () => hub.devices[0]?.state,
    isUsable: () => hub.commands(device.driver.kind) !== undefined && !faulty,
    wasUsable: () => wasUsable,
    unplug() {
      plugged = false
      for (const cable of cables) cable.unplug()
    },
    plugIn() {
      plugged = true
    },
    open: () => cables.size,
    close: () => clock.until(hub.close()),
  }
}
