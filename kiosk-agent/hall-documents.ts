import { ConfigError, checkConfig } from '../config/read-config.ts'
import { type Hall, hallSchema } from '../config/schemas/hall.ts'
import { type RuleSet, ruleSetSchema } from '../config/schemas/rule-set.ts'
import type { HallStore } from './hall/hall-store.ts'

/** The documents of a hall that govern a terminal. What stands in the hall store wins over the files they were seeded from. */
export interface GoverningDocuments {
  readonly hall: Hall
  readonly rules: { readonly set: RuleSet; readonly version: number }
}

/**
 * Reads hall and rules from the store, seeding them from the configuration where the store has none. The hall in the store
 * says which rule set is in force. Rejects with a ConfigError.
 */
export async function governingDocuments(
  store: Pick<HallStore, 'document' | 'putDocument'>,
  seed: { readonly hall: Hall; readonly rules: RuleSet },
  at: number,
): Promise<GoverningDocuments> {
  const seeded = async (name: string, body: unknown) =>
    (await store.document(name)) ?? (await store.putDocument(name, body, 'config', at))
  const { body } = await seeded('hall', seed.hall)
  const hall = checkConfig('hall store, document "hall"', body, hallSchema)
  const name = `rules/${hall.rules}`
  const rules = hall.rules === seed.rules.name ? await seeded(name, seed.rules) : await store.document(name)
  if (!rules)
    throw new ConfigError(
      `hall store, document "hall": rules: found ${JSON.stringify(hall.rules)}; expected the name of a rule set in the store, which has no document "${name}"`,
    )
  const set = checkConfig(`hall store, document "${name}"`, rules.body, ruleSetSchema)
  return { hall, rules: { set, version: rules.version } }
}
