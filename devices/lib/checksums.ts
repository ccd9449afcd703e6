/** XOR of all bytes. */
export function xor8(bytes: Iterable<number>): number {
  let check = 0
  for (const byte of bytes) check ^= byte
  return check
}

/** Low 8 bits of the sum of all bytes. */
export function sum8(bytes: Iterable<number>): number {
  let sum = 0
  for (const byte of bytes) sum = (sum + byte) & 0xff
  return sum
}

/** CRC-16/MODBUS: start 0xFFFF, reflected polynomial 0xA001. Sent low byte first. */
export function crc16Modbus(bytes: Iterable<number>): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** CRC-16/XMODEM: start 0, polynomial 0x1021. Sent high byte first. */
export function crc16Xmodem(bytes: Iterable<number>): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1
  }
  return crc
}
