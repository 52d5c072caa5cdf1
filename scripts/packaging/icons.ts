// node scripts/packaging/icons.ts: the app's icon in the forms that each system wants, drawn by Chromium from
// resources/icons/icon.svg.
// ICO and ICNS hold PNG images as they are, so no converter is needed. The results are committed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../resources/icons');
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024] as const;
/** Types of the ICNS container by edge length (Apple's `icns` format, PNG since 10.7). */
const ICNS_TYPES: Readonly<Partial<Record<number, string>>> = {
  16: 'icp4',
  32: 'icp5',
  64: 'icp6',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
  1024: 'ic10',
};
const ICO_MAX = 256;

export interface Image {
  readonly size: number;
  readonly png: Buffer;
}

/** ICONDIR with one 16-byte entry an image; 256 is written as 0. */
export function toIco(images: readonly Image[]): Buffer {
  const fitting = images.filter(({ size }) => size <= ICO_MAX);
  const head = Buffer.alloc(6 + 16 * fitting.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(fitting.length, 4);
  let offset = head.length;
  for (const [at, { size, png }] of fitting.entries()) {
    const entry = 6 + 16 * at;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...fitting.map(({ png }) => png)]);
}

/**
 * `icns`, the whole length, then type, length and bytes of each image; lengths are big-endian and count their own 8
 * bytes.
 */
export function toIcns(images: readonly Image[]): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return chunk(
    'icns',
    Buffer.concat(
      images.flatMap(({ size, png }) => (ICNS_TYPES[size] === undefined ? [] : [chunk(ICNS_TYPES[size], png)])),
    ),
  );
}

async function draw(): Promise<Image[]> {
  const svg = await readFile(path.join(FOLDER, 'icon.svg'), 'utf8');
  const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
  try {
    const page = await browser.newPage();
    const images: Image[] = [];
    for (const size of SIZES) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
      images.push({ size, png: await page.screenshot({ omitBackground: true }) });
    }
    return images;
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  const images = await draw();
  await mkdir(path.join(FOLDER, 'linux'), { recursive: true });
  for (const { size, png } of images) await writeFile(path.join(FOLDER, `linux/${size}x${size}.png`), png);
  await writeFile(path.join(FOLDER, 'icon.ico'), toIco(images));
  await writeFile(path.join(FOLDER, 'icon.icns'), toIcns(images));
}
