import type { Model, SettingsFile, SettingsReview } from '../../api/technician-contract.ts'
import type { Settings } from '../../settings.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type CommandOf, type ConsolePart, Refused, type Who } from '../console-part.ts'
import { factsOf } from '../device-facts.ts'
import { addressOf, type DeviceSettings, type SetDevice } from './device-set.ts'
import { allModels } from './models.ts'
import { secretMissing, withoutSecrets, withSecrets } from './secrets.ts'
import { exportedSettings, faultsOf, type InForce, reviewSettings } from './settings-exchange.ts'
import type { ChangeFacts } from './settings-history.ts'
import { startTrial, type Trial } from './trial.ts'

type ConfigureCommand =
  | 'try-device'
  | 'keep-trial'
  | 'drop-trial'
  | 'remove-device'
  | 'undo'
  | 'import-settings'

export interface Configure extends ConsolePart<'trial' | 'changes', ConfigureCommand> {
  models(): Promise<readonly Model[]>
  exported(): SettingsFile
  /** Looks at a file to import; changes nothing. */
  review(file: unknown): Promise<SettingsReview>
  /** Changes one option of a device that is kept, with who did it: an offset, for one. */
  setOptions(
    deviceId: string,
    options: Record<string, unknown>,
    facts: Omit<ChangeFacts, 'devices'>,
  ): Promise<void>
}

/** Devices are tried before they are kept; what is kept is on the disk with who and when, and can be undone. */
export function createConfigure(context: ConsoleContext): Configure {
  const { devices: set, history: settings, terminal, clock, log } = context
  let trial:
    | { readonly run: Trial; readonly former: readonly SetDevice[]; readonly shown: DeviceSettings }
    | undefined
  let models: Promise<readonly Model[]> | undefined
  let turn: Promise<unknown> = Promise.resolve()

  /** One change after the other: each begins with what the last one left. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  /** What is kept, whatever is being tried now. */
  const kept = () => trial?.former ?? set.running
  const keptSettings = (id: string) => kept().find((each) => each.settings.id === id)?.settings
  const inForce = (): InForce => ({
    terminal: terminal.id,
    devices: kept().map((each) => each.settings),
    panel: settings.current.panel ?? context.defaults.panel,
  })

  async function checked(device: DeviceSettings, place: string): Promise<SetDevice> {
    try {
      return await set.checked(device, place)
    } catch (error) {
      throw new Refused('bad-options', faultsOf(error).join('\n'), { cause: error })
    }
  }

  async function tryDevice({ device }: CommandOf<'try-device'>): Promise<void> {
    const { device: wanted, unknown } = withSecrets(device, keptSettings(device.id))
    if (unknown.length > 0)
      throw new Refused('bad-options', unknown.map((name) => secretMissing('device', name)).join('\n'))
    const tried = await checked(wanted, 'device')
    const others = kept().filter(({ settings: { id } }) => id !== device.id)
    const address = addressOf(tried.configured)
    const holder = terminal.simulated
      ? undefined
      : others.find(({ configured }) => addressOf(configured) === address)
    if (holder)
      throw new Refused(
        'busy',
        `${address} is in use by "${holder.settings.id}"; remove or change that first.`,
      )
    const former = kept()
    trial?.run.end()
    trial = { former, run: begin(tried.settings), shown: withoutSecrets(tried) }
    await set.run(replaced(former, tried)).catch(async (error) => {
      await putBack()
      throw error
    })
    context.changed()
  }

  function begin(device: DeviceSettings): Trial {
    return startTrial({
      device,
      clock,
      hub: context.hub,
      factsOf: (id) => factsOf(context, id),
      onTimeOut: () => {
        inTurn(putBack).catch((error) => log('a trial could not be ended', { error }))
      },
      onChange: context.changed,
    })
  }

  async function putBack(): Promise<void> {
    if (!trial) return
    const { run, former } = trial
    run.end()
    trial = undefined
    await set.run(former)
    context.changed()
  }

  async function keepTrial(who: Who): Promise<void> {
    if (trial?.run.view().state !== 'works')
      throw new Refused('nothing-to-keep', 'No device is being tried, or the one that is does not work.')
    const { run, former } = trial
    const { id } = run.device
    const isNew = !former.some((each) => each.settings.id === id)
    await keep(
      { ...settings.current, devices: set.running.map((each) => each.settings) },
      {
        who: who.account,
        what: isNew ? 'added' : 'changed',
        devices: [id],
      },
    )
    run.end()
    trial = undefined
  }

  /** On the disk before anybody is told. What is changed is changed, also when the ledger cannot take its entry. */
  async function keep(next: Settings, facts: ChangeFacts): Promise<void> {
    const version = await settings.change(next, facts)
    const entry = { type: 'setting', name: `terminal ${facts.what}`, version, who: facts.who } as const
    await context.ledger
      .append(entry)
      .catch((error) => log('a change of the settings was not recorded', { error }))
    context.changed()
  }

  /** Keeps first, then runs: what cannot be written is not done. */
  async function apply(next: Settings, devices: readonly SetDevice[], facts: ChangeFacts): Promise<void> {
    await keep(next, facts)
    await set.run(devices)
    context.changed()
  }

  async function remove({ device }: CommandOf<'remove-device'>, who: Who): Promise<void> {
    await putBack()
    const left = set.running.filter((each) => each.settings.id !== device)
    if (left.length === set.running.length)
      throw new Refused('unknown-device', `There is no device "${device}".`)
    const next = { ...settings.current, devices: left.map((each) => each.settings) }
    await apply(next, left, { who: who.account, what: 'removed', devices: [device] })
  }

  async function undo({ version }: CommandOf<'undo'>, who: Who): Promise<void> {
    await putBack()
    const before = settings.before(version)
    if (!before) throw new Refused('not-newest', `${version} is not the newest change.`)
    const wanted = before.devices ?? context.defaults.devices
    const devices = await Promise.all(wanted.map((each, at) => checked(each, `devices[${at}]`)))
    const touched = settings.changes[0]?.devices ?? []
    await apply(before, devices, { who: who.account, what: 'undone', devices: touched })
  }

  async function importFile({ file }: CommandOf<'import-settings'>, who: Who): Promise<void> {
    await putBack()
    const { review, wanted } = await reviewSettings(file, inForce(), set)
    if (!wanted) throw new Refused('bad-file', review.faults.join('\n'))
    const touched = [...review.added, ...review.changed, ...review.removed]
    const next = { ...settings.current, ...wanted.settings }
    await apply(next, wanted.devices, { who: who.account, what: 'imported', devices: touched })
  }

  return {
    view: () => ({
      trial: trial ? { ...trial.run.view(), device: trial.shown } : null,
      changes: [...settings.changes],
    }),
    commands: {
      'try-device': { needs: 'vendor-mode', run: (command) => inTurn(() => tryDevice(command)) },
      'keep-trial': { needs: 'vendor-mode', run: (_, who) => inTurn(() => keepTrial(who)) },
      'drop-trial': { needs: 'vendor-mode', run: () => inTurn(putBack) },
      'remove-device': { needs: 'vendor-mode', run: (command, who) => inTurn(() => remove(command, who)) },
      undo: { needs: 'vendor-mode', run: (command, who) => inTurn(() => undo(command, who)) },
      'import-settings': {
        needs: 'vendor-mode',
        run: (command, who) => inTurn(() => importFile(command, who)),
      },
    },
    beforeLeaving: () => inTurn(putBack),
    close: () => inTurn(async () => trial?.run.end()),
    models() {
      models ??= allModels().catch((error) => {
        models = undefined
        throw error
      })
      return models
    },
    exported: () => exportedSettings({ ...inForce(), devices: kept().map(withoutSecrets) }, clock.now()),
    review: async (file) => (await reviewSettings(file, inForce(), set)).review,
    setOptions: (deviceId, options, facts) =>
      inTurn(async () => {
        await putBack()
        const former = set.running.find((each) => each.settings.id === deviceId)
        if (!former) throw new Refused('unknown-device', `There is no device "${deviceId}".`)
        const wanted = { ...former.settings, options: { ...former.settings.options, ...options } }
        const devices = replaced(set.running, await checked(wanted, 'device'))
        const next = { ...settings.current, devices: devices.map((each) => each.settings) }
        await apply(next, devices, { ...facts, devices: [deviceId] })
      }),
  }
}

/** In the place of the one it replaces, or last. */
function replaced(devices: readonly SetDevice[], device: SetDevice): SetDevice[] {
  const { id } = device.settings
  if (!devices.some((each) => each.settings.id === id)) return [...devices, device]
  return devices.map((each) => (each.settings.id === id ? device : each))
}
