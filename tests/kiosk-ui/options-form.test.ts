import { beforeAll, describe, expect, test } from 'vitest'
import { findDriver } from '../../devices/registry.ts'
import type { Model } from '../../kiosk-agent/api/technician-contract.ts'
import { type Draft, draftOf, isGroup, isUnion, settle } from '../../kiosk-ui/forms/draft.ts'
import { type FieldForm, fieldOf } from '../../kiosk-ui/forms/field-of.ts'
import { consoleLocale } from '../../kiosk-ui/i18n/technician/locale.ts'
import { allModels } from './console-states.ts'

let models: readonly Model[]

beforeAll(async () => {
  models = await allModels()
})

/** Texts that fit the patterns drivers ask for. */
const samples = ['/dev/ttyUSB7', '0c2e:0b6a', '02', 'ABCDE', '2026-03-18T07:12:00+08:00']

/** Fills in everything there is, as somebody would who knows nothing: what is typed differs from what is usual. */
function filledIn(field: FieldForm, alternative = 0): Draft {
  switch (field.form) {
    case 'text':
      return samples.find((each) => !field.pattern || field.pattern.test(each))
    case 'number': {
      const least = field.least ?? (field.above === undefined ? 0 : field.above + 1)
      const step = field.step ?? 1
      return String(Math.ceil(least / step) * step)
    }
    case 'choice':
      return JSON.stringify(field.values.at(-1))
    case 'switch':
      return field.usual !== true
    case 'fixed':
      return field.value === true ? true : undefined
    case 'list':
      return [filledIn(field.item)]
    case 'json':
      return '{}'
    case 'union': {
      const chosen = Math.min(alternative, field.alternatives.length - 1)
      const value = field.alternatives[chosen]
      return value && { chosen, value: filledIn(value) }
    }
    case 'group':
      return {
        parts: Object.fromEntries(field.parts.map((part) => [part.key, filledIn(part.field, alternative)])),
      }
  }
}

function keysOf(field: FieldForm): string[] {
  if (field.form === 'group') return field.parts.flatMap(({ key, field: part }) => [key, ...keysOf(part)])
  if (field.form === 'union') return field.alternatives.flatMap(keysOf)
  return field.form === 'list' ? keysOf(field.item) : []
}

function fieldsOf(field: FieldForm): FieldForm[] {
  if (field.form === 'group') return [field, ...field.parts.flatMap(({ field: part }) => fieldsOf(part))]
  if (field.form === 'union') return [field, ...field.alternatives.flatMap(fieldsOf)]
  return field.form === 'list' ? [field, ...fieldsOf(field.item)] : [field]
}

describe('The form of a driver’s options', () => {
  test('has a field for every option of every driver, and none of free JSON', () => {
    for (const { driver, options } of models) {
      const field = fieldOf(options)
      expect(field.form, driver).toBe('group')
      expect(
        fieldsOf(field).filter(({ form }) => form === 'json'),
        driver,
      ).toEqual([])
    }
    expect(models.length).toBeGreaterThan(20)
  })

  test('makes of everything filled in what the driver itself accepts, whatever alternative is chosen', async () => {
    for (const { driver, options } of models)
      for (const alternative of [0, 1, 2]) {
        const field = fieldOf(options)
        const settled = settle(field, filledIn(field, alternative))
        expect(settled.faults, driver).toEqual([])
        const parsed = (await findDriver(driver))?.options.safeParse(settled.value)
        // What two options say together only the driver judges; each by itself is in the schema.
        const alone = parsed?.error?.issues.filter(({ code }) => code !== 'custom') ?? []
        expect(alone, `${driver} ${JSON.stringify(settled.value)}`).toEqual([])
      }
  })

  test('shows options as they are and gives them back unchanged', () => {
    for (const { driver, options } of models) {
      const field = fieldOf(options)
      const settings = settle(field, filledIn(field, 1)).value
      expect(settle(field, draftOf(field, settings)).value, driver).toEqual(settings)
    }
  })

  test('leaves out what is as usual, so that settings stay short', () => {
    const gm65 = models.find(({ driver }) => driver === 'gm65')
    const field = fieldOf(gm65?.options ?? {})
    const options = { path: '/dev/ttyUSB0', baudRate: 9600 }
    expect(settle(field, draftOf(field, options)).value).toEqual({ path: '/dev/ttyUSB0' })
  })

  test('says beside each field what is missing or wrong', () => {
    const escpos = fieldOf(models.find(({ driver }) => driver === 'escpos')?.options ?? {})
    expect(settle(escpos, draftOf(escpos, {})).faults).toEqual([{ path: 'transport', code: 'choose' }])
    const tcp = draftOf(escpos, { transport: { type: 'tcp', host: '' } })
    expect(settle(escpos, tcp).faults).toEqual([{ path: 'transport/?/host', code: 'missing' }])
    const relay = fieldOf(models.find(({ driver }) => driver === 'modbus-relay')?.options ?? {})
    const typed = (key: string, text: string) => {
      const draft = draftOf(relay, { path: '/dev/ttyUSB0' })
      const parts = isGroup(draft) ? draft.parts : {}
      return settle(relay, { parts: { ...parts, [key]: text } }).faults
    }
    expect(typed('relay', 'x')).toEqual([{ path: 'relay', code: 'not-a-number' }])
    expect(typed('relay', '1.5')).toEqual([{ path: 'relay', code: 'not-whole' }])
    expect(typed('relay', '8')).toEqual([{ path: 'relay', code: 'too-large', limit: 7 }])
    expect(typed('pulseMs', '50')).toEqual([{ path: 'pulseMs', code: 'too-small', limit: 100 }])
    expect(typed('pulseMs', '150')).toEqual([{ path: 'pulseMs', code: 'not-multiple', limit: 100 }])
    const tripod = fieldOf(models.find(({ driver }) => driver === 'tripod-serial')?.options ?? {})
    expect(settle(tripod, draftOf(tripod, { path: '/dev/ttyUSB0' })).faults).toEqual([
      { path: 'portConfirmed', code: 'not-ticked' },
    ])
  })

  test('knows "none" from a number and from nothing said', () => {
    const relay = fieldOf(models.find(({ driver }) => driver === 'modbus-relay')?.options ?? {})
    for (const fireInput of [null, 3]) {
      const draft = draftOf(relay, { path: '/dev/ttyUSB0', fireInput })
      expect(settle(relay, draft).value).toEqual({ path: '/dev/ttyUSB0', fireInput })
    }
    const usual = draftOf(relay, { path: '/dev/ttyUSB0' })
    const shown = isGroup(usual) ? usual.parts.fireInput : undefined
    expect(isUnion(shown) && shown.value).toBe('1')
  })

  test('has a name for every option and, in both Chinese scripts, every description', () => {
    const missing: string[] = []
    for (const { options } of models) {
      const field = fieldOf(options)
      for (const language of ['zh-Hans', 'zh-Hant', 'en'] as const) {
        const { names, descriptions } = consoleLocale(language).fields
        missing.push(
          ...keysOf(field)
            .filter((key) => !names[key])
            .map((key) => `${language} name of ${key}`),
        )
        if (language === 'en') continue
        for (const { description } of fieldsOf(field))
          if (description && !descriptions[description]) missing.push(`${language}: ${description}`)
      }
    }
    expect([...new Set(missing)]).toEqual([])
  })
})
