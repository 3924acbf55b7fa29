package Carrierpay::Admin::Payout;

# Payouts of merchants to wallets. They are queued here and sent by a worker of
# the service. A number comes from standard input: arguments are in the list of
# processes, and in the history of a shell.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit record rows truth);
use Carrierpay::Admin::Balance qw(balance_count);
use Carrierpay::Admin::Database qw(cells database in_cell merchant operator
    row table);
use Carrierpay::Admin::Id qw($BASE32 identifiers private_id public_id);
use Carrierpay::Admin::Keyring qw(digits masked number_index seal);
use DBD::Pg qw(:pg_types);
use Encode qw(encode);
use Exporter qw(import);

our @EXPORT_OK = qw(known_payout payout_add payout_cancel payout_done
    payout_failed payout_list payout_show);

my @STATES = qw(queued sending succeeded failed canceled);

# By the results of payout_add; the amount that is free comes behind.

my %REFUSALS = (
    mismatch          => 'the merchant has another payout with this'
                         . ' reference: see "payout list --reference=..."',
    no_operator       => 'there is no such operator: see "operator list"',
    currency_mismatch => 'the operator has another currency: see "operator'
                         . ' list"',
    no_contract       => 'the merchant has no contract in force with this'
                         . ' operator: see "contract list"',
    other_operator    => 'the number is known as one of another operator',
    unsettled         => 'a period of the merchant is over and was not'
                         . ' settled: see "settlement close"',
    amount_too_large  => 'the balance is too small: what we owe the merchant,'
                         . ' and is not on its way to a wallet, is',
);

# Prints the payout's id. The same reference with the same content is the same
# payout, however often it is asked for.

sub payout_add {
    my ($who, $operator, $amount, $currency, $number) = @_;
    my $merchant = merchant($who);
    my $reference = $option{reference}
        // fail('--reference is missing: the merchant\'s own, which makes the'
                . ' payout once');

    fail('--reference: 1 to 200 bytes')
        if $reference eq '' || length(encode('UTF-8', $reference)) > 200;
    fail('the number is read from standard input: write "-"')
        if $number ne '-';
    fail("\"$amount\" is not an amount in minor units")
        if $amount !~ /^[1-9]\d{0,11}$/;

    my $digits = digits(scalar(<STDIN>) // '');

    payout_cell($merchant, $operator, $reference);
    balance_count();

    my ($result, $free, $id) = added($merchant, $operator, $amount, $currency,
                                     $reference, $digits);

    fail($REFUSALS{$result} . (defined $free ? " $free $currency" : ''))
        if $REFUSALS{$result};

    print public_id('out_', $id), "\n";

    return 0;
}

# A payout lies in the home of its merchant, where the money is. The reference
# of one that was added before the merchant was moved is in another cell.

sub payout_cell {
    my ($merchant, $operator, $reference) = @_;
    my ($cell) = row('select home_cell from merchant where id = ?', $merchant);
    my @cells = cells();

    for my $number (0 .. $#cells) {
        $cell = $number if $cells[$number]->selectrow_array(
            'select 1 from payout p join operator o on o.live = p.live'
            . ' where p.merchant_id = ? and o.code = ? and p.reference = ?',
            undef, $merchant, $operator, $reference);
    }

    in_cell($cell);
}

sub added {
    my ($merchant, $operator, $amount, $currency, $reference, $digits) = @_;
    my $dbh = database();
    my $next = identifiers(
        row(q{select worker_take('carrierpay-admin', 60000), number
                from cell}));
    my $add = $dbh->prepare(q{
        select result, free, id
          from payout_add(?, ?, ?, ?, ?, ?, decode(?, 'hex'), ?)});

    $add->bind_param(8, undef, { pg_type => PG_BYTEA });
    $add->execute($next->(), $merchant, $operator, $amount, $currency,
                  $reference, number_index($digits), seal('msisdn', $digits));

    return $add->fetchrow_array;
}

# The newest first.

sub payout_list {
    my (%where);

    $where{'p.merchant_id = ?'} = [merchant($option{merchant})]
        if defined $option{merchant};
    $where{'p.operator = ?'} = [operator($option{operator})]
        if defined $option{operator};
    $where{'p.reference = ?'} = [$option{reference}]
        if defined $option{reference};

    if (defined $option{state}) {
        fail("--state=\"$option{state}\": not one of " . join(', ', @STATES))
            if !grep { $_ eq $option{state} } @STATES;
        $where{'payout_state_name(p.state) = ?'} = [$option{state}];
    }

    my @where = sort keys %where;

    return rows([qw(payout merchant operator state amount currency reference
                    failure created ended)],
        map { $_->[0] = public_id('out_', $_->[0]); $_ } table(q{
            select p.id, p.merchant_id, p.operator,
                   payout_state_name(p.state)
                   || case when p.outcome_unknown then ' (unknown)'
                      else '' end, p.amount, p.currency, p.reference,
                   p.failure_code, } . at('id_time(p.id)') . ', '
                   . at('p.ended') . q{
              from payout p
             where } . join(' and ', 'true', @where) . q{
             order by p.id desc limit ?}, (map { @{$where{$_}} } @where),
            limit()));
}

# All that is known of it, with the end of the number only.

sub payout_show {
    my ($text) = @_;
    my $id = known_payout($text);
    my ($p) = @{database()->selectall_arrayref(q{
        select p.*, payout_state_name(p.state) as state_name,
               m.name as merchant, d.attempts as looks,
               } . at('id_time(p.id)') . ' as created_at, '
               . at('p.begun') . ' as begun_at, '
               . at('p.ended') . ' as ended_at, '
               . at('d.due_at') . q{ as due_at,
               (select count(*) from outbox o where o.payment_id = p.id)
                   as waiting,
               (select count(*) from outbox_dead o where o.payment_id = p.id)
                   as given_up
          from payout p
          join merchant m on m.id = p.merchant_id
          left join payout_due d on d.payout_id = p.id
         where p.id = ?}, { Slice => {} }, $id)};

    return record(
        [qw(payout merchant mode operator state outcome_unknown failure_code
            amount currency reference operator_reference line created begun
            ended next_look looks webhooks_waiting webhooks_given_up)],
        public_id('out_', $id), "$p->{merchant_id} $p->{merchant}",
        $p->{live} ? 'live' : 'test', @$p{qw(operator state_name)},
        truth($p->{outcome_unknown}),
        @$p{qw(failure_code amount currency reference operator_reference)},
        masked($p->{msisdn}),
        @$p{qw(created_at begun_at ended_at due_at looks waiting given_up)});
}

sub payout_cancel {
    my ($text) = @_;
    my ($result) = row('select payout_cancel(?)', known_payout($text));

    fail("\"$text\" is not in the queue any more: see \"payout show\"")
        if $result eq 'too_late';

    return 0;
}

# The operator has not told what became of it, and no worker asks any more:
# people have found out.

sub payout_done { return settle($_[0], 'succeeded', undef) }
sub payout_failed { return settle($_[0], 'failed', 'generic_decline') }

sub settle {
    my ($text, $outcome, $code) = @_;
    my $id = known_payout($text);

    row("select 1 from payout p where p.id = ? and p.state = 'r' and not"
        . ' exists (select from payout_due d where d.payout_id = p.id)', $id)
        or fail("\"$text\" does not wait for people: see \"payout show\"");

    my ($result) = row('select result from payout_finish(?, ?, ?, ?)', $id,
                       $outcome, $code, $option{reference});

    fail("payout \"$text\": $result") if $result ne 'applied';

    return 0;
}

# An instant of the tables, ms, as ISO 8601.

sub at {
    return "to_char(to_timestamp($_[0] / 1000.0) at time zone 'UTC',"
           . " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
}

sub known_payout {
    my ($text) = @_;

    fail("\"$text\" is not a payout: out_...")
        if $text !~ /^out_[$BASE32]{13}$/;

    my $id = private_id($text);

    in_cell($id & 31);
    row('select 1 from payout where id = ?', $id)
        or fail("no payout \"$text\"");

    return $id;
}

1;
