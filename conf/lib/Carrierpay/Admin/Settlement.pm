package Carrierpay::Admin::Settlement;

# Settlements: with whom and how, which periods are over, what came of them,
# and what became of the money.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit rows);
use Carrierpay::Admin::Balance qw(balance_count);
use Carrierpay::Admin::Database qw(merchant operator row table);
use Carrierpay::Admin::Statement qw(statement_print);
use Carrierpay::Admin::Text qw(day_ms);
use Exporter qw(import);

our @EXPORT_OK = qw(terms_add terms_list settlement_close settlement_list
                    settlement_show remittance_list remittance_paid
                    remittance_returned adjustment_add adjustment_list);

my %PERIODS = (day => 'd', week => 'w', month => 'm');
my %BASES = (gross => 'g', fee => 'f');
my %PAYERS = (merchant => 'm', platform => 'p');

my $PARTY = q{coalesce(m.name, p.operator)};
my $MODE = q{case when p.live then 'live' else 'test' end};

# The party that the options name: merchant, operator, mode and currency. An
# operator has one of each.

sub party {
    my ($help) = @_;

    fail("--merchant or --operator says whose: see carrierpay-admin help"
         . " $help")
        if defined $option{merchant} == defined $option{operator};

    if (defined $option{operator}) {
        my $operator = operator($option{operator});

        for my $name (grep { defined $option{$_} } qw(currency test)) {
            fail("--$name is for a merchant: an operator has its own");
        }

        return (undef, $operator,
                row('select live, currency from operator where code = ?',
                    $operator));
    }

    fail("--currency is missing: see carrierpay-admin help $help")
        if !defined $option{currency};

    return (merchant($option{merchant}), undef, $option{test} ? 0 : 1,
            $option{currency});
}

# What a list is narrowed down to: SQL, and its values.

sub narrowed {
    my (@where, @values) = ('true');

    if (defined $option{merchant}) {
        push(@where, 'p.merchant_id = ?');
        push(@values, merchant($option{merchant}));
    }

    if (defined $option{operator}) {
        push(@where, 'p.operator = ?');
        push(@values, operator($option{operator}));
    }

    return (join(' and ', @where), @values);
}

# A day as it is written; the days of a party are those of its time zone.

sub day {
    my ($name) = @_;
    my $day = $option{$name} // fail("--$name is missing: YYYY-MM-DD");

    day_ms($day);

    return $day;
}

sub terms_add {
    my @party = party('terms');
    my $period = $PERIODS{$option{period} // ''}
        // fail('--period is day, week or month');
    my $zone = $option{zone}
        // fail('--zone is missing: a time zone, as "Europe/Paris"');
    my ($bp, $days) = ($option{reserve} // '0:0') =~ /^(\d{1,5}):(\d{1,4})$/
        or fail('--reserve is BP:DAYS, as "1000:30"');

    row('select settlement_terms_add(?, ?, ?, ?, ?, ?, ?, ?, ?, ?,'
        . ' ?::commission[])', @party, day('from'), $period, $zone,
        $option{'minimum-fee'} // 0, $bp, $days, commissions());

    return 0;
}

# The shares of third parties, as PostgreSQL reads an array of them.

sub commissions {
    return [map {
        my ($name, $bp, $base, $payer) =
            /^([a-z0-9_]+):(\d{1,5}):(\w+):(\w+)$/
            or fail("--commission=\"$_\" is not NAME:BP:BASE:PAYER");

        fail("--commission=\"$_\": BASE is gross or fee") if !$BASES{$base};
        fail("--commission=\"$_\": PAYER is merchant or platform")
            if !$PAYERS{$payer};
        "($name,$PAYERS{$payer},$BASES{$base},$bp)";
    } @{$option{commission}}];
}

sub terms_list {
    my ($where, @values) = narrowed();

    return rows(
        [qw(party mode currency from period zone minimum_fee reserve days
            commissions)],
        table(qq{
            select $PARTY, $MODE, p.currency, t.valid_from,
                   settlement_period_name(t.period), t.time_zone,
                   t.minimum_fee, t.reserve_bp, t.reserve_days,
                   (select string_agg(concat_ws(':', c.name, c.bp,
                               case c.base when 'g' then 'gross'
                               else 'fee' end,
                               case c.payer when 'm' then 'merchant'
                               else 'platform' end), ' ')
                      from unnest(t.commissions) c)
              from settlement_terms t
              join settlement_party p on p.id = t.party_id
              left join merchant m on m.id = p.merchant_id
             where $where
             order by p.id, t.valid_from, t.id}, @values));
}

# Each period that is over, in a transaction of its own: those that come after
# one that fails are there the next time.

sub settlement_close {
    my ($where, @values) = narrowed();
    my @closed;

    balance_count();

    while (my ($party, $first) = row(qq{
            select o.party_id, o.first from settlement_open() o
              join settlement_party p on p.id = o.party_id
             where $where limit 1}, @values)) {
        push(@closed, row('select settlement_close(?, ?)', $party, $first));
    }

    local $option{limit} = @closed || 1;

    return listed('s.id = any (?)', \@closed);
}

sub settlement_list {
    return listed(narrowed());
}

sub listed {
    my ($where, @values) = @_;

    return rows(
        [qw(settlement party mode number first last currency net reserve
            remittance)],
        table(qq{
            select s.id, $PARTY, $MODE, s.number, s.first, s.next - 1,
                   p.currency, s.net, s.reserve, remittance_state_name(r.state)
              from settlement s
              join settlement_party p on p.id = s.party_id
              left join merchant m on m.id = p.merchant_id
              left join remittance r on r.settlement_id = s.id
             where $where
             order by s.id desc limit ?}, @values, limit()));
}

sub known_settlement {
    my ($id) = @_;

    fail("\"$id\" is not an id of \"settlement list\"")
        if $id !~ /^\d{1,9}$/;

    return $id;
}

sub settlement_show {
    my ($id) = @_;

    return statement_print(known_settlement($id),
                           $option{json} ? 'json' : $option{format} // 'text');
}

sub remittance_list {
    my ($where, @values) = narrowed();

    if (defined $option{state}) {
        fail("\"$option{state}\" is not a state: due, paid, returned")
            if $option{state} !~ /^(?:due|paid|returned)$/;
        $where .= ' and remittance_state_name(r.state) = ?';
        push(@values, $option{state});
    }

    return rows(
        [qw(settlement party mode first last amount currency state paid
            reference returned reason)],
        table(qq{
            select s.id, $PARTY, $MODE, s.first, s.next - 1, r.amount,
                   p.currency, remittance_state_name(r.state), r.paid,
                   r.reference, r.returned, r.reason
              from remittance r
              join settlement s on s.id = r.settlement_id
              join settlement_party p on p.id = s.party_id
              left join merchant m on m.id = p.merchant_id
             where $where
             order by s.id desc limit ?}, @values, limit()));
}

sub remittance_paid {
    my ($id) = @_;

    fail('--reference is missing: that of the transfer')
        if !defined $option{reference};

    return done("remittance $id", row('select remittance_paid(?, ?, ?)',
        known_settlement($id), $option{reference}, day('on')));
}

sub remittance_returned {
    my ($id) = @_;

    fail('--reason is missing') if !defined $option{reason};

    return done("remittance $id", row('select remittance_returned(?, ?, ?)',
        known_settlement($id), $option{reason}, day('on')));
}

sub adjustment_add {
    my ($who, $currency) = @_;
    my $amount = $option{amount} // 0;

    for my $name (qw(amount reference reason)) {
        fail("--$name is missing: see carrierpay-admin help adjustment")
            if !defined $option{$name};
    }

    fail('--amount is out of range') if $amount == 0
                                        || abs($amount) > 1_000_000_000_000;

    return done("adjustment \"$option{reference}\"",
        row('select adjustment_add(?, ?, ?, ?, ?, ?)', merchant($who),
            $option{test} ? 0 : 1, $currency, $amount,
            @option{qw(reference reason)}));
}

# Those that were made, the newest first, and why.

sub adjustment_list {
    my ($where, @values) = narrowed();

    return rows(
        [qw(at merchant mode amount currency reference reason)],
        table(qq{
            select to_char(to_timestamp(p.at / 1000.0) at time zone 'UTC',
                           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), m.name, $MODE,
                   -posting_leg(p.accounts, p.amounts,
                                posting_account(m.id, p.live, 'payable')),
                   p.currency, p.reference, p.reason
              from posting p
              join merchant m on m.id = p.merchant_id
             where p.kind = 'a' and $where
             order by p.id desc limit ?}, @values, limit()));
}

# What was done already is said, and no mistake.

sub done {
    my ($what, $result) = @_;
    my ($noun) = $what =~ /^(\w+)/;

    fail("$what: there is none: see \"$noun list\"")
        if $result eq 'not_found';
    fail("$what: another one is recorded: see \"$noun list\"")
        if $result eq 'refused';
    print "$what: recorded before\n" if $result eq 'already';

    return 0;
}

1;
