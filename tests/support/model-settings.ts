import type { ModelId } from '../../devices/registry.ts'

const path = 'x'
const estimate = { offsetCentiCelsius: 230 }

/** Settings with which each model of the registry can be started. A model without them does not compile. */
export const modelSettings: Readonly<Record<ModelId, Record<string, unknown>>> = {
  'sam-serial': { path },
  'sam-usb': {},
  'sam-hid': { device: '0103:6066', vendorCommand: 98 },
  'line-scanner': { path },
  vguang: { path },
  newland: { path },
  'zebra-ssi': { path },
  honeywell: { path },
  gm65: { path },
  'hid-pos': { device: '0c2e:0b6a' },
  'gy-614v': { path },
  'gy-90614': { path, estimate },
  'gy-mcu90640': { path, estimate },
  lu90614: { path, declaredAmbientCentiCelsius: 2400 },
  'modbus-infrared': { path, map: { object: { register: 0 }, ambient: { register: 1 } }, estimate },
  'hikvision-isapi': {
    host: 'x',
    username: 'hall',
    password: 'hall',
    declaredAmbientCentiCelsius: 2400,
  },
  'modbus-relay': { path },
  'lcus-relay': { path },
  'tripod-serial': { path, portConfirmed: true },
  'modbus-tcp-relay': { host: 'x' },
  'modbus-io': { path, lights: { gate: 0 } },
  'dcttech-hid-relay': { lights: { 'id-card-reader': 1 } },
  // Over TCP a printer has no link between jobs, and so nothing whose loss could be noticed.
  escpos: { profile: 'generic-80', transport: { type: 'serial', path } },
}

/** The same for any driver; one without code wants its port alone. */
export function settingsOf(driver: string): Record<string, unknown> {
  return modelSettings[driver as ModelId] ?? { path }
}
