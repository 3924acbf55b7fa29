package Carrierpay::Admin::Refund;

# Refunds: what was paid back, and what people have to pay back by hand.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit rows);
use Carrierpay::Admin::Database qw(in_cell row table);
use Carrierpay::Admin::Id qw($BASE32 private_id public_id);
use Carrierpay::Admin::Payment qw(known_payment);
use Exporter qw(import);

our @EXPORT_OK = qw(refund_list refund_done refund_failed);

my @STATES = qw(pending processing succeeded failed);

# The newest first; without options those that wait for people.

sub refund_list {
    my (@where, @values);
    my $state = $option{state} // ($option{payment} ? undef : 'pending');

    if (defined $option{payment}) {
        push(@where, 'r.payment_id = ?');
        push(@values, known_payment($option{payment}));
    }

    if (defined $state) {
        fail("\"$state\" is not a state: " . join(', ', @STATES))
            if !grep { $_ eq $state } @STATES;
        push(@where, 'refund_state_name(r.state) = ?');
        push(@values, $state);
    }

    return rows([qw(refund payment kind way state amount currency operator
                    reason failure created)],
        map { $_->[0] = public_id('ref_', $_->[0]);
              $_->[1] = public_id('pay_', $_->[1]); $_ } table(q{
            select v.id, v.payment_id, v.kind, v.way,
                   v.state || case when v.outcome_unknown then ' (unknown)'
                              else '' end, v.amount, v.currency, v.operator,
                   v.reason, v.failure_code,
                   to_char(to_timestamp(id_time(v.id) / 1000.0)
                           at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
              from refund r
              join refund_view v on v.id = r.id
             where } . join(' and ', @where) . q{
             order by r.id desc limit ?}, @values, limit()));
}

# People have paid it back, or cannot: from now on that is its outcome.

sub refund_done { return settle($_[0], 'succeeded', undef) }
sub refund_failed { return settle($_[0], 'failed', 'refund_not_allowed') }

sub settle {
    my ($text, $outcome, $code) = @_;
    my $id = refund_id($text);

    in_cell($id & 31);
    row("select 1 from refund where id = ? and (state = 'q' or state = 'r'"
        . ' and not exists (select from refund_due where refund_id = id))',
        $id)
        or fail("\"$text\" does not wait for people: see \"refund list\"");

    my ($result) = row('select result from refund_finish(?, ?, ?, ?, null,'
                       . ' null)', $id, $outcome, $code, $option{reference});

    fail("refund \"$text\": $result") if $result ne 'applied';

    return 0;
}

sub refund_id {
    my ($text) = @_;

    fail("\"$text\" is not a refund: ref_...")
        if $text !~ /^ref_[$BASE32]{13}$/;

    return private_id($text);
}

1;
