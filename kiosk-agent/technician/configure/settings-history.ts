import { isDeepStrictEqual } from 'node:util'
import { Low } from 'lowdb'
import { z } from 'zod'
import { changeSchema } from '../../api/technician-contract.ts'
import { type Settings, type SettingsFile, settingsSchema, syncedJsonFile } from '../../settings.ts'

const CHANGES_KEPT = 20

const recordSchema = changeSchema.extend({
  /** The whole settings on both sides of the change: either can be put back. */
  before: settingsSchema,
  after: settingsSchema,
})
type ChangeRecord = z.infer<typeof recordSchema>
const historySchema = z.strictObject({ version: z.int(), changes: z.array(recordSchema) })

export type Change = z.infer<typeof changeSchema>
/** Who changes what; the rest is found out here. */
export type ChangeFacts = Pick<Change, 'who' | 'what' | 'devices'>

/** The settings of a terminal with everything that was changed about them, newest first; both on the disk. */
export interface SettingsHistory {
  readonly current: Settings
  readonly changes: readonly Change[]
  /** Resolves with the number of the change when settings and history are synced. */
  change(settings: Settings, facts: ChangeFacts): Promise<number>
  /** The settings before the newest change, if that is its number. */
  before(version: number): Settings | undefined
}

/** Opens `settings-history.json` beside the settings. Rejects with a ConfigError that names what is wrong. */
export async function openSettingsHistory(
  path: string,
  settings: SettingsFile,
  now: () => number,
): Promise<SettingsHistory> {
  const low = new Low(syncedJsonFile(path, historySchema), { version: 0, changes: [] })
  await low.read()
  let { version, changes } = low.data
  const [newest] = changes
  // Written down, but the power went before the settings followed.
  if (newest && !isSame(newest.after, settings.current) && isSame(newest.before, settings.current))
    changes = changes.slice(1)

  async function write(next: readonly ChangeRecord[], number: number): Promise<void> {
    low.data = { version: number, changes: next.slice(0, CHANGES_KEPT) }
    await low.write()
    changes = low.data.changes
    version = number
  }

  return {
    get current() {
      return settings.current
    },
    get changes() {
      return changes.map(({ before: _, after: __, ...change }) => change)
    },
    async change(after, facts) {
      const former = changes
      const record = {
        ...facts,
        version: version + 1,
        at: new Date(now()).toISOString(),
        before: settings.current,
        after,
      }
      await write([record, ...former], record.version)
      try {
        await settings.change(after)
      } catch (error) {
        // The number is spent all the same: two changes never share one.
        await write(former, record.version).catch(() => {})
        throw error
      }
      return record.version
    },
    before: (wanted) => (changes[0]?.version === wanted ? changes[0].before : undefined),
  }
}

/** As JSON keeps them: a key that is missing and one that is undefined are the same. */
function isSame(one: Settings, other: Settings): boolean {
  return isDeepStrictEqual(plain(one), plain(other))
}

const plain = (settings: Settings): unknown => JSON.parse(JSON.stringify(settings))
