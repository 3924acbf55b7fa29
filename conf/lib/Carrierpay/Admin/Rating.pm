package Carrierpay::Admin::Rating;

# What payments are rated by, beside the contracts: VAT rates by country and
# category, and the price points of operators. Neither is ever rewritten: the
# next row is in force from its day on.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail rows);
use Carrierpay::Admin::Database qw(database operator row table);
use Carrierpay::Admin::Text qw(day_ms);
use Exporter qw(import);

our @EXPORT_OK = qw(category vat_add vat_list price_add price_list);

# The letter of a category in the tables.

sub category {
    my ($word) = @_;
    my ($letter) = row('select category_parse(?)', $word);

    return $letter // fail("no category \"$word\": digital_content, voice,"
                           . ' charity, tickets or physical_goods');
}

# From a day on, or from now on.

sub from_ms {
    return day_ms($option{from}) if defined $option{from};
    return row('select now_ms()');
}

sub vat_add {
    my ($country, $word) = @_;
    my $category = category($word);
    my $rate = $option{rate}
        // fail('--rate is missing: see carrierpay-admin help vat');
    my $from = from_ms();

    return 0 if $option{'if-missing'}
                && row('select 1 from vat_rate where country = ? and'
                       . ' category = ? and valid_from = ? and bp = ?',
                       $country, $category, $from, $rate);

    database()->do('insert into vat_rate (country, category, valid_from, bp)'
        . ' values (?, ?, ?, ?)', undef, $country, $category, $from, $rate);

    return 0;
}

sub vat_list {
    return rows([qw(country category from rate added)],
        table('select country, category_name(category),'
            . ' to_timestamp(valid_from / 1000)::date, bp,'
            . ' to_timestamp(added / 1000)::date from vat_rate'
            . ' order by country, category, valid_from, id'));
}

# Some amounts, a range in steps, or all.

sub price_add {
    my ($operator) = @_;
    my @range = @option{qw(lowest highest step)};
    my $given = grep { defined } @range;
    my $amounts;

    operator($operator);

    if (defined $option{amounts}) {
        fail("--amounts=\"$option{amounts}\": not numbers with commas between")
            if $option{amounts} !~ /^\d{1,15}(?:,\d{1,15})*$/;

        $amounts = [sort { $a <=> $b } split(/,/, $option{amounts})];
    }

    fail('one of --amounts, of --lowest, --highest and --step together, and of'
         . ' --any: see carrierpay-admin help price')
        if ($given == 3) + defined($amounts) + ($option{any} // 0) != 1
           || $given % 3;

    my @row = ($operator, from_ms(), $amounts, @range);

    return 0 if $option{'if-missing'}
                && row('select 1 from price_list where operator = ?'
                       . ' and valid_from = ?'
                       . ' and amounts is not distinct from ?::bigint[]'
                       . ' and (lowest, highest, step) is not distinct from'
                       . ' (?::bigint, ?::bigint, ?::bigint)', @row);

    database()->do('insert into price_list (operator, valid_from, amounts,'
        . ' lowest, highest, step) values (?, ?, ?, ?, ?, ?)', undef, @row);

    return 0;
}

sub price_list {
    my ($operator) = @_;

    operator($operator);

    return rows([qw(from amounts lowest highest step currency added)],
        table('select to_timestamp(l.valid_from / 1000)::date,'
            . " case when l.lowest is null then coalesce("
            . " array_to_string(l.amounts, ','), 'any') end, l.lowest,"
            . ' l.highest, l.step, o.currency,'
            . ' to_timestamp(l.added / 1000)::date'
            . ' from price_list l join operator o on o.code = l.operator'
            . ' where l.operator = ? order by l.valid_from, l.id',
            $operator));
}

1;
