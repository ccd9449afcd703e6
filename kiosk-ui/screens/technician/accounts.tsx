import { signal } from '@preact/signals'
import type { Account, Me } from '../../../kiosk-agent/api/technician-contract.ts'
import { Empty, Mark, Notice } from '../../components/technician/notice.tsx'
import { CommandPress, Press, Sure } from '../../components/technician/press.tsx'
import type { ConsoleLocale } from '../../i18n/technician/locale.ts'
import { agentTime, inFlight, me, send } from '../../technician-state.ts'
import { AddAccount } from './add-account.tsx'
import { OwnPin } from './change-pin.tsx'
import { ChoosePin } from './choose-pin.tsx'
import type { ViewProps } from './console-props.ts'
import { momentOf } from './device-marks.tsx'

type Doing = { readonly what: 'add' | 'own-pin' } | { readonly what: 'reset'; readonly account: Account }

const doing = signal<Doing | null>(null)
const done = signal<'created' | 'pinChanged' | null>(null)

function begin(next: Doing | null): void {
  done.value = null
  doing.value = next
}

function finish(how: 'created' | 'pinChanged'): void {
  doing.value = null
  done.value = how
}

/** Who may sign in, and what became of those who may not. */
export function Accounts({ state: { accounts }, locale }: ViewProps) {
  const { words } = locale
  const now = doing.value
  return (
    <div class="view">
      <h1>{words.accounts.title}</h1>
      <p class="soft">{words.accounts.hint}</p>
      {done.value && <Notice tone="green" role="status" title={words.accounts[done.value]} />}
      {now ? (
        <DoingPart doing={now} locale={locale} />
      ) : (
        <div class="bar">
          <Press
            label={words.accounts.add}
            look="primary"
            icon="accounts"
            onPress={() => begin({ what: 'add' })}
          />
          <Press label={words.accounts.changeOwn} onPress={() => begin({ what: 'own-pin' })} />
        </div>
      )}
      {accounts.length === 0 && <Empty icon="accounts" title={words.accounts.empty} />}
      <ul class="device-list">
        {accounts.map((account) => (
          <AccountPart key={account.id} account={account} self={me.value ?? null} locale={locale} />
        ))}
      </ul>
    </div>
  )
}

function DoingPart({ doing: now, locale }: { readonly doing: Doing; readonly locale: ConsoleLocale }) {
  const { words } = locale
  return (
    <section class="sheet entry">
      {now.what === 'add' && <AddAccount locale={locale} onDone={() => finish('created')} />}
      {now.what === 'own-pin' && (
        <>
          <h2>{words.accounts.changeOwn}</h2>
          <OwnPin locale={locale} label={words.accounts.changeOwn} onDone={() => finish('pinChanged')} />
        </>
      )}
      {now.what === 'reset' && (
        <>
          <h2>{words.accounts.resetPin}</h2>
          <p class="soft">{words.accounts.resetHint(now.account.name)}</p>
          <ChoosePin
            locale={locale}
            label={words.accounts.resetPin}
            busy={inFlight.value.has('reset-pin')}
            onChosen={(pin) => void reset(now.account.id, pin)}
          />
        </>
      )}
      <Press label={words.cancel} onPress={() => begin(null)} />
    </section>
  )
}

async function reset(account: string, pin: string): Promise<void> {
  if (await send({ type: 'reset-pin', account, pin })) finish('created')
}

interface AccountProps {
  readonly account: Account
  readonly self: Me | null
  readonly locale: ConsoleLocale
}

function AccountPart({ account, self, locale }: AccountProps) {
  const words = locale.words.accounts
  const isSelf = account.id === self?.account
  const told = (time: string) => momentOf(time, agentTime.value, locale)
  return (
    <li class="sheet">
      <div class="sheet-head">
        <div>
          <h2>
            {account.name} {isSelf && <span class="soft">({words.you})</span>}
          </h2>
          <p class="soft">
            <span class="mono">{account.id}</span> · {words.roles[account.role]}
          </p>
        </div>
        <AccountMark account={account} told={told} locale={locale} />
      </div>
      <p class="note">{account.lastSignIn ? words.lastSignIn(told(account.lastSignIn)) : words.never}</p>
      {!isSelf && (
        <div class="bar">
          <Press label={words.resetPin} onPress={() => begin({ what: 'reset', account })} />
          {account.disabled ? (
            <CommandPress
              command={{ type: 'disable-account', account: account.id, disabled: false }}
              label={words.enable}
            />
          ) : (
            <Sure
              label={words.disable}
              question={words.disableSure(account.name)}
              onYes={() => void send({ type: 'disable-account', account: account.id, disabled: true })}
            />
          )}
        </div>
      )}
    </li>
  )
}

interface AccountMarkProps extends Omit<AccountProps, 'self'> {
  told(time: string): string
}

function AccountMark({ account, told, locale }: AccountMarkProps) {
  const words = locale.words.accounts
  if (account.disabled) return <Mark tone="red" icon="cross" label={words.disabled} />
  if (account.lockedUntil)
    return <Mark tone="amber" icon="clock" label={words.lockedUntil(told(account.lockedUntil))} />
  return <Mark tone="green" icon="check" label={words.active} />
}
