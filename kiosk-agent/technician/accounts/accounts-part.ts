import type { Account } from '../../api/technician-contract.ts'
import type { HallAccount } from '../../hall/account-store.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type ConsolePart, Refused } from '../console-part.ts'
import type { SignIns } from '../sign-ins.ts'
import type { Accounts } from './accounts.ts'

type AccountCommand = 'add-account' | 'disable-account' | 'reset-pin' | 'change-own-pin'

/** Who may sign in: shown to technicians, made and disabled by them. */
export function createAccountsPart(
  { log }: ConsoleContext,
  { accounts, signIns }: { readonly accounts: Accounts; readonly signIns: SignIns },
): ConsolePart<'accounts', AccountCommand> {
  accounts.refresh().catch((error) => log('the accounts could not be read', { error }))
  const unknown = (account: string) => new Refused('unknown-account', `There is no account "${account}".`)

  return {
    view: (now) => ({ accounts: accounts.all.map((each) => shown(each, now)) }),
    commands: {
      'add-account': {
        needs: 'sign-in',
        async run({ type: _, ...account }, who) {
          if ((await accounts.add(account, who.account)) === 'exists')
            throw new Refused('account-exists', `There is an account "${account.account}" already.`)
        },
      },
      'disable-account': {
        needs: 'sign-in',
        async run({ account, disabled }, who) {
          const answer = await accounts.setDisabled(account, disabled, who.account)
          if (answer === 'unknown') throw unknown(account)
          if (answer === 'last')
            throw new Refused(
              'last-account',
              'This is the last technician who can sign in; add another first.',
            )
          if (disabled) signIns.endOf(account)
        },
      },
      'reset-pin': {
        needs: 'sign-in',
        async run({ account, pin }, who) {
          if (!(await accounts.resetPin(account, pin, who.account))) throw unknown(account)
          signIns.endOf(account)
        },
      },
      'change-own-pin': {
        needs: 'sign-in',
        async run({ pin, newPin }, who) {
          if (!(await accounts.changeOwnPin(who.account, pin, newPin)))
            throw new Refused(
              'wrong-pin',
              'The present PIN is not right, or the account is locked for a while.',
            )
          signIns.pinChanged(who.account)
        },
      },
    },
  }

  function shown({ id, name, role, disabled, lockedUntil, lastSignIn }: HallAccount, now: number): Account {
    const locked = lockedUntil !== undefined && lockedUntil > now
    return {
      ...{ id, name, role, disabled },
      ...(locked ? { lockedUntil: new Date(lockedUntil).toISOString() } : {}),
      ...(lastSignIn === undefined ? {} : { lastSignIn: new Date(lastSignIn).toISOString() }),
    }
  }
}
