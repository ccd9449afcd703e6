import type { Paper } from '../../kiosk-agent/api/contract.ts'

const BODY_FONT = "'Noto Sans SC Variable', 'Noto Sans SC', sans-serif"
const MARGIN = 16

/** A slip as an SVG picture, one unit a dot, to be looked at by a person. */
export function drawPaper({ widthDots, heightDots, items }: Paper): string {
  const [width, height] = [widthDots + 2 * MARGIN, heightDots + 2 * MARGIN]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="#fff" stroke="#ccc"/>`,
    ...items.map(drawItem),
    '</svg>',
  ].join('\n')
}

function drawItem(item: Paper['items'][number]): string {
  if (item.type === 'cut')
    return `<path d="M0 ${item.y}h2000" stroke="#c00" stroke-dasharray="${item.partial ? '8 4' : 'none'}"/>`
  if (item.type === 'bitmap') return drawBitmap(item)
  const ink = item.inverse ? '#fff' : '#000'
  const back = item.inverse
    ? `<rect x="${item.x}" y="${item.y}" width="${item.width}" height="${item.height}"/>`
    : ''
  const weight = item.bold ? ' font-weight="700"' : ''
  const line = item.underline ? ' text-decoration="underline"' : ''
  return `${back}<text x="${item.x}" y="${item.y + item.height * 0.86}" textLength="${item.width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" font-family="${BODY_FONT}" font-size="${item.height}" fill="${ink}"${weight}${line}>${escapeXml(item.text)}</text>`
}

function drawBitmap({ x, y, scale, rows }: Extract<Paper['items'][number], { type: 'bitmap' }>): string {
  const squares = rows.flatMap((row, rowIndex) =>
    Array.from(row, (dot, column) =>
      dot === '#' ? `M${x + column * scale} ${y + rowIndex * scale}h${scale}v${scale}h${-scale}z` : '',
    ),
  )
  return `<path d="${squares.join('')}"/>`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}
