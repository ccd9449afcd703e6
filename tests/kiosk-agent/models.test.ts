import { expect, test } from 'vitest'
import { allModels } from '../../kiosk-agent/technician/configure/models.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly const?: unknown
}

/** The options of a form that say nothing about themselves. */
function silent(schema: Schema, path: string): string[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => silent(each, path))
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const own = option.description === undefined && option.const === undefined ? [`${path}.${name}`] : []
    return [...own, ...silent(option, `${path}.${name}`)]
  })
  return [...inner, ...properties]
}

test('every option of every model says in the form what it is', async () => {
  const models = await allModels()
  expect(models.flatMap(({ driver, options }) => silent(options, driver))).toEqual([])
})
