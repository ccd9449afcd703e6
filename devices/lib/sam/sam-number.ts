/**
 * A module's number as people read it, "05.03-20240101-0001234567-0987654321", from the 16 bytes of 12 FF:
 * two 16-bit and three 32-bit integers, little-endian, unlike every other integer of the protocol.
 */
export function samNumberText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decimal = (value: number, digits: number) => String(value).padStart(digits, '0')
  const version = `${decimal(view.getUint16(0, true), 2)}.${decimal(view.getUint16(2, true), 2)}`
  const rest = [decimal(view.getUint32(4, true), 8)]
  for (const offset of [8, 12]) rest.push(decimal(view.getUint32(offset, true), 10))
  return [version, ...rest].join('-')
}

/** The inverse, for simulators. */
export function samNumberBytes(text: string): Uint8Array {
  const [a = 0, b = 0, date = 0, first = 0, second = 0] = text.split(/[.-]/).map(Number)
  const view = new DataView(new ArrayBuffer(16))
  view.setUint16(0, a, true)
  view.setUint16(2, b, true)
  view.setUint32(4, date, true)
  view.setUint32(8, first, true)
  view.setUint32(12, second, true)
  return new Uint8Array(view.buffer)
}
