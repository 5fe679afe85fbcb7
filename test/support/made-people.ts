/** People of a large file: each with an extension and a desk phone of their own. */
export function madePeople(count: number, more: (place: number) => string = () => ''): string {
  const rows = Array.from({ length: count }, (_, place) => {
    const mac = (0x80_5e_c0_00_00_00 + place).toString(16).replace(/(..)(?=.)/g, '$1-');
    return `person-${place}@example.com,First ${place},Last ${place},${10_000 + place},Yealink,T54W,${mac},${more(place)}`;
  });
  return ['Email,First Name,Last Name,Extension Number,Desk Phone 1 Brand,Desk Phone 1 Model,Desk Phone 1 MAC Address,Department', ...rows].join('\n');
}
