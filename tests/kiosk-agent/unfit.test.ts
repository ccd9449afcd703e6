import { expect, test } from 'vitest'
import { fit } from '../../kiosk-agent/entry/view.ts'
import { openDoor } from './support/door-bench.ts'

test('a terminal whose clock is wrong admits nobody and says why, until the next proof', async () => {
  const { door, visit, outcome, view, gate } = await openDoor()
  door.setUnfit({ shut: ['clock-wrong'], limited: [] })
  await visit()
  expect(await outcome()).toBeNull()
  expect(view().service).toMatchObject({ state: 'out-of-service', notices: ['clock-wrong'] })
  expect(gate.pulses).toHaveLength(0)
  door.setUnfit(fit)
  expect(view().service).toMatchObject({ state: 'in-service', notices: [] })
  await visit()
  expect(await outcome()).toMatchObject({ decision: 'admit' })
})

test('a terminal that needs care goes on, and says so', async () => {
  const { door, visit, outcome, view } = await openDoor()
  door.setUnfit({ shut: [], limited: ['needs-care'] })
  expect(view().service).toMatchObject({ state: 'limited', notices: ['needs-care'] })
  await visit()
  expect(await outcome()).toMatchObject({ decision: 'admit' })
})
