import { gy90614 } from '../../devices/thermometers/gy-90614/driver.ts'
import { simulateGy90614 } from '../../devices/thermometers/gy-90614/simulator.ts'
import { gyMcu90640 } from '../../devices/thermometers/gy-mcu90640/driver.ts'
import { simulateGyMcu90640 } from '../../devices/thermometers/gy-mcu90640/simulator.ts'
import { lu90614 } from '../../devices/thermometers/lu90614/driver.ts'
import { simulateLu90614 } from '../../devices/thermometers/lu90614/simulator.ts'
import { modbusInfrared } from '../../devices/thermometers/modbus-infrared/driver.ts'
import { simulateModbusInfrared } from '../../devices/thermometers/modbus-infrared/simulator.ts'
import { thermometerContract } from './thermometer-contract.ts'

const estimate = { offsetCentiCelsius: 230 }
const map = { object: { register: 0 }, ambient: { register: 1 } }
const fullMap = modbusInfrared.options.parse({ path: 'x', map, estimate }).map

thermometerContract({
  driver: gy90614,
  settings: { estimate },
  simulate: simulateGy90614,
  noise: Uint8Array.of(0x5a, 0x5a, 0x45),
  silenceMs: 2000,
  slowestReadingMs: 450,
  measuresAmbient: true,
})

thermometerContract({
  driver: gyMcu90640,
  settings: { estimate, warmUpMs: 0 },
  simulate: simulateGyMcu90640,
  noise: Uint8Array.of(0x5a, 0x5a, 0x5a, 0x02),
  silenceMs: 3300,
  slowestReadingMs: 1000,
  measuresAmbient: true,
})

thermometerContract({
  driver: lu90614,
  settings: { declaredAmbientCentiCelsius: 2400 },
  simulate: simulateLu90614,
  noise: Uint8Array.of(0xfe, 0xac, 0x24),
  silenceMs: 5000,
  slowestReadingMs: 1000,
  measuresAmbient: false,
})

thermometerContract({
  driver: modbusInfrared,
  settings: { map, estimate },
  simulate: (faults) => simulateModbusInfrared({ map: fullMap, ...faults }),
  noise: Uint8Array.of(1, 3, 4, 0x0d),
  silenceMs: 2500,
  slowestReadingMs: 650,
  measuresAmbient: true,
})
