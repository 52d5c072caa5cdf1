// Whether Chinese can be read where the page is drawn: a browser that finds no font draws the same box for every sign.

const SIZE = 24;

function picture(context: CanvasRenderingContext2D, sign: string): string {
  context.clearRect(0, 0, SIZE, SIZE);
  context.fillText(sign, 2, SIZE - 5);
  return context.getImageData(0, 0, SIZE, SIZE).data.join();
}

/** True too where a page cannot look at what it has drawn: some browsers answer with noise or white. */
export function drawsChinese(): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return true;
  context.font = `${SIZE - 6}px ${getComputedStyle(document.body).fontFamily}`;
  const [i, w, again, han, plan] = ['i', 'W', 'W', '\u6c49', '\u8bbe'].map((sign) => picture(context, sign));
  return i === w || w !== again || han !== plan;
}
