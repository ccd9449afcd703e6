import { describe, expect, test } from 'vitest'
import { crc16Modbus, crc16Xmodem, sum8, xor8 } from '../../devices/lib/checksums.ts'

const check = new TextEncoder().encode('123456789')

describe('checksums', () => {
  test('CRC-16/MODBUS gives the catalogue’s check value', () => {
    expect(crc16Modbus(check)).toBe(0x4b37)
    expect(crc16Modbus([])).toBe(0xffff)
  })

  test('CRC-16/MODBUS closes the frames printed in Modbus manuals, low byte first', () => {
    // Read ten registers of unit 1; switch relay 7 of unit 1 by the coil pulse function.
    expect(crc16Modbus([0x01, 0x03, 0x00, 0x00, 0x00, 0x0a])).toBe(0xcdc5)
    expect(crc16Modbus([0x01, 0x05, 0x02, 0x00, 0x00, 0x07])).toBe(0xb08d)
  })

  test('a frame followed by its own CRC leaves zero', () => {
    expect(crc16Modbus([...check, 0x37, 0x4b])).toBe(0)
  })

  test('CRC-16/XMODEM gives the catalogue’s check value and the one printed in scanner manuals', () => {
    expect(crc16Xmodem(check)).toBe(0x31c3)
    expect(crc16Xmodem([0x00, 0x01, 0x00])).toBe(0x3331)
    expect(crc16Xmodem([])).toBe(0)
  })

  test('the sum keeps its low 8 bits', () => {
    expect(sum8(check)).toBe(0xdd)
    expect(sum8([0xa0, 0x01, 0x01])).toBe(0xa2)
    expect(sum8([0xff, 0x02])).toBe(0x01)
    expect(sum8([])).toBe(0)
  })

  test('the XOR of the digits is the published longitudinal check', () => {
    expect(xor8(check)).toBe(0x31)
    expect(xor8([0x00, 0x32, 0x11, 0x02, 0x6c])).toBe(0x4d)
    expect(xor8([])).toBe(0)
  })
})
