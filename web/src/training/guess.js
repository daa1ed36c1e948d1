/** @import { ColumnReport, Inspection, LogColumns, Settings } from './types.js' */

/** How columns of logs are called, in English and Indonesian. The earlier a pattern, the better. */
const names = {
  customer: [
    /^(customer|client|member|pelanggan|nasabah)[ _-]?(id|no|nr|number|code)?$/i,
    /customer|client|member|buyer|pelanggan|nasabah|pembeli|cust/i,
    /user/i,
  ],
  date: [/date|tanggal|tgl/i, /time|day|waktu|hari/i],
  amount: [
    /amount|total|revenue|turnover|nominal|omzet/i,
    /sales|value|spent|paid|sum|nilai|bayar|belanja/i,
  ],
  quantity: [/quantity|qty|kuantitas/i, /pieces|units|count|jumlah/i],
  price: [/price|harga/i, /cost|biaya/i],
  order: [/invoice|order|faktur|pesanan|nota/i, /transaction|receipt|basket|transaksi|struk/i],
};

/** Who bought only once in most cases is in a list of customers, not in a log. */
const mostDistinct = 0.9;

/**
 * Where what stands in a log of transactions, by the names and kinds of its columns.
 * @param {ColumnReport[]} columns
 * @returns {LogColumns}
 */
export function guessLog(columns) {
  const taken = new Set();
  const find = (
    /** @type {keyof typeof names} */ what,
    /** @type {(column: ColumnReport) => boolean} */ fits,
  ) => {
    for (const pattern of names[what]) {
      const found = columns.find(
        (each) => !taken.has(each.column) && fits(each) && pattern.test(each.column),
      );
      if (!found) continue;
      taken.add(found.column);
      return found.column;
    }
    return '';
  };
  const isDate = (/** @type {ColumnReport} */ { kind }) => kind === 'date';
  const isNumber = (/** @type {ColumnReport} */ { numbers, kind }) =>
    numbers !== null && kind !== 'yes/no';
  const date = find('date', isDate) || (columns.find(isDate)?.column ?? '');
  taken.add(date);
  const customer = find('customer', (each) => !isDate(each));
  const order = find(
    'order',
    (each) => !isDate(each) && !/date|amount|total|value/i.test(each.column),
  );
  const price = find('price', isNumber);
  const quantity = find('quantity', isNumber);
  const amount = find('amount', isNumber);
  return { customer, date, amount, quantity, price, order };
}

/**
 * Whether a file seems to be a log: customers come again, on days, with amounts.
 * @param {Inspection} inspection
 * @param {LogColumns} log
 */
function isLog({ columns, rows }, { customer, date, amount, quantity, price }) {
  const who = columns.find(({ column }) => column === customer);
  const isPriced = amount !== '' || (quantity !== '' && price !== '');
  if (!who || date === '' || !isPriced) return false;
  return who.distinct < mostDistinct * rows;
}

/**
 * The settings that a file begins with.
 * @param {Inspection} inspection
 * @returns {Settings}
 */
export function firstSettings(inspection) {
  const log = guessLog(inspection.columns);
  return {
    features: inspection.columns.filter((each) => each.is_proposed).map(({ column }) => column),
    prepared: {},
    isLog: isLog(inspection, log),
    isProduct: log.amount === '' && log.quantity !== '' && log.price !== '',
    log,
    count: 'auto',
    k: '5',
    least: '',
    skip: false,
  };
}
