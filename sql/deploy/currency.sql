-- Deploy carrierpay:currency to pg
-- requires: schema

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The currencies of ISO 4217 and how many digits their amounts have after the
-- decimal point: the list of base/money (t/columns.t compares the two), for
-- what is written here must be one that the service can print.  All amounts
-- are in minor units; no arithmetic asks for the exponent.
create table currency (
    code        text primary key check (code ~ '^[A-Z]{3}$'),
    exponent    smallint not null check (exponent between 0 and 4)
);

insert into currency (code, exponent)
select code, exponent
  from (values
    (0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF'
        ' XPF'),
    (2, 'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV'
        ' BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP'
        ' CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD'
        ' GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD'
        ' KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR'
        ' MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR'
        ' PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP'
        ' STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU'
        ' UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'),
    (3, 'BHD IQD JOD KWD LYD OMR TND'),
    (4, 'CLF UYW')
       ) list (exponent, codes)
 cross join string_to_table(codes, ' ') as code;

commit;
