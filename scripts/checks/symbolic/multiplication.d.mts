export function withoutProducts(query: string): string;
export function powersOf(value: bigint): { power: number; sign: 1 | -1 }[];
