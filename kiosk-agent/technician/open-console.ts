import { join } from 'node:path'
import type { Router } from 'express'
import type { PortRoots } from '../../devices/identify/roots.ts'
import type { ConfiguredDevice } from '../../devices/registry.ts'
import { createEventStream } from '../api/event-stream.ts'
import { technicianRoutes } from '../api/technician-routes.ts'
import type { Entry } from '../ledger/entries.ts'
import type { SettingsFile } from '../settings.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createAccountsPart } from './accounts/accounts-part.ts'
import { createConfigure } from './configure/configure-part.ts'
import { createDeviceSet } from './configure/device-set.ts'
import { openSettingsHistory } from './configure/settings-history.ts'
import { composeConsole } from './console.ts'
import type { ConsoleContext } from './console-context.ts'
import { createTestPart } from './device-tests/test-part.ts'
import { createDevicesPart } from './devices-part.ts'
import { createHandover } from './handover.ts'
import { createIdentifyPart } from './identify/identify-part.ts'
import { createProofPart } from './proof/proof-part.ts'
import { createSignIns } from './sign-ins.ts'
import { createWirePart } from './wire/wire-part.ts'

/** The technician's room of a running terminal. Loaded when somebody first opens `/technician`. */
export interface OpenConsole {
  readonly router: Router
  /** Something the console shows may have changed. */
  changed(): void
  close(): Promise<void>
}

export interface ConsoleNeeds extends Omit<ConsoleContext, 'changed' | 'devices' | 'history'> {
  readonly build: string
  readonly settings: SettingsFile
  /** Where ports are looked for. */
  readonly portRoots: PortRoots
  /** Gives a new device of a simulated terminal its simulator. */
  prepare(device: ConfiguredDevice): Promise<void>
  /** Devices were replaced. */
  onReplaced(): void
  /** Exponent of the cost of a PIN's hash, 15 unless told; a test takes less. */
  readonly pinCost?: number | undefined
  /** What the token of a set-up link is good for; it is used up when the account is made. */
  readonly setUp: { check(token: string): 'first' | 'recovered' | undefined; used(): void }
}

/** Puts the parts of the console together. A new part is made here and named in `parts`, `view` and `commands`. */
export async function openConsole(options: ConsoleNeeds): Promise<OpenConsole> {
  const { clock, folders, hub, terminal } = options
  let version = 0
  const history = await openSettingsHistory(
    join(folders.terminal, 'settings-history.json'),
    options.settings,
    () => clock.now(),
  )
  const devices = createDeviceSet({
    hub,
    settings: terminal.devices,
    prepare: options.prepare,
    onChange: options.onReplaced,
  })
  const context: ConsoleContext = { ...options, history, devices, changed }
  const accounts = createAccounts({ ...context, cost: options.pinCost })
  const signIns = createSignIns({
    terminalId: terminal.id,
    clock,
    onTimedOut(me) {
      record({ type: 'technician-sign-in', account: me.account, result: 'timed-out' })
    },
    onLost: (account) => handover.lost(account),
  })
  const handover = createHandover(context, { beforeLeaving: () => parts.beforeLeaving() })
  const configure = createConfigure(context)
  const wirePart = createWirePart(context)
  const proof = createProofPart(context)
  const shown = createDevicesPart(context)
  const identify = createIdentifyPart(context, options.portRoots)
  const people = createAccountsPart(context, { accounts, signIns })
  const tests = createTestPart(context, configure)
  const parts = composeConsole({
    parts: [handover, shown, identify, configure, people, tests, wirePart, proof],
    // Written out, so that a field nobody shows or a command nobody takes does not compile.
    view: (now) => ({
      ...handover.view(now),
      ...shown.view(now),
      ...identify.view(now),
      ...configure.view(now),
      ...people.view(now),
      ...tests.view(now),
      ...wirePart.view(now),
      ...proof.view(now),
    }),
    commands: {
      ...handover.commands,
      ...identify.commands,
      ...configure.commands,
      ...people.commands,
      ...tests.commands,
      ...wirePart.commands,
      ...proof.commands,
    },
    holds: handover.holds,
  })

  const stream = createEventStream('console', () => {
    const now = clock.now()
    const view = parts.view(now)
    const console = {
      version: ++version,
      build: options.build,
      at: new Date(now).toISOString(),
      terminal: { id: terminal.id, name: terminal.name, simulated: terminal.simulated },
      ...view,
    }
    return { data: JSON.stringify(console), signature: JSON.stringify(view, fixedMoments(now)) }
  })

  try {
    await Promise.all([wirePart.start(), proof.start()])
  } catch (error) {
    // The next request opens it again.
    await close()
    throw error
  }

  function changed(): void {
    handover.follow()
    stream.changed()
  }

  async function close(): Promise<void> {
    stream.close()
    signIns.close()
    await parts.close()
  }

  function record(...entries: Entry[]): void {
    context.ledger.append(...entries).catch((error) => context.log('a sign-in was not recorded', { error }))
  }

  return {
    router: technicianRoutes({
      ...{ accounts, signIns, stream, configure, record },
      wire: wirePart,
      setUp: options.setUp,
      log: context.log,
      obey: (command, who) => parts.obey(command, who),
      onSignedOut: (account) => handover.lost(account),
    }),
    changed,
    close,
  }
}

/** Two views that differ only in how much time has gone by are the same. */
function fixedMoments(now: number) {
  return (key: string, value: unknown) =>
    key === 'remainingMs' && typeof value === 'number' && value > 0 ? now + value : value
}
