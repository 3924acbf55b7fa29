package Carrierpay::Admin::PayoutBooks;

# The part of the check of the ledger that is about payouts: what they have
# posted, and what the sandbox operators paid by their logs.

use strict;
use warnings;

use Carrierpay::Admin::Id qw(public_id);
use Exporter qw(import);

our @EXPORT_OK = qw(wrong_payouts);

# Posting that a payout names: what is due, and what is there. The accounts are
# computed by their names.

my $POSTED = q{
    select p.id,
           case when o.id is null then 'not posted'
                when (o.kind::text, o.merchant_id, o.live, o.currency,
                      o.reference)
                     is distinct from (n.kind, p.merchant_id, p.live,
                                       p.currency, p.reference)
                then 'posted as another thing'
                when o.amounts <> array[p.amount, -p.amount]
                  or array(select a.code from unnest(o.accounts)
                                  with ordinality l (id, leg)
                             join account a on a.id = l.id order by l.leg)
                     <> array[t.mode || n.debit, t.mode || n.credit]
                then 'posted otherwise' end
      from payout p
     cross join lateral (
           select case when p.live then '' else 'test:' end as mode,
                  'merchant:' || p.merchant_id || ':payable' as payable,
                  'merchant:' || p.merchant_id || ':payout' as held) t
     cross join lateral (
           values (p.held_by, 'q', t.payable, t.held),
                  (p.ended_by, case p.state when 's' then 'z' else 'v' end,
                   t.held, case p.state
                           when 's' then 'operator:' || p.operator || ':wallet'
                           else t.payable end))
           n (posting_id, kind, debit, credit)
      left join posting o on o.id = n.posting_id
     where n.kind = 'q' or p.ended is not null
     order by p.id};

# The differences, a line each. What was paid is payout => amount and currency;
# undef: no log tells.

sub wrong_payouts {
    my ($dbh, $paid) = @_;
    my @wrong = map { public_id('out_', $_->[0]) . ": $_->[1]" }
                grep { defined $_->[1] }
                @{$dbh->selectall_arrayref($POSTED)};

    push(@wrong, @{$dbh->selectcol_arrayref(q{
        select 'posting ' || o.id || ': ' || posting_kind_name(o.kind)
               || ' of no payout'
          from posting o
         where o.kind in ('q', 'v', 'z') and not exists (
               select from payout p where o.id in (p.held_by, p.ended_by))
         order by o.id})});

    return $paid ? (@wrong, wrong_paid($dbh, %$paid)) : @wrong;
}

# A payout that people have ended may stand in no log.

sub wrong_paid {
    my ($dbh, %paid) = @_;
    my $payouts = $dbh->selectall_arrayref(q{
        select p.id, payout_state_name(p.state),
               p.amount || ' ' || p.currency
          from payout p
          join operator o on o.code = p.operator
         where o.sandbox order by p.id});
    my @wrong;

    for my $payout (@$payouts) {
        my ($id, $state, $due) = @$payout;
        my $was = delete $paid{$id};

        push(@wrong, public_id('out_', $id) . ': '
             . (!defined $was ? 'succeeded, but was not paid'
                : $state ne 'succeeded' ? "paid, but its state is $state"
                : "paid $was, not $due"))
            if defined $was ? $state ne 'succeeded' || $was ne $due
                            : $state eq 'succeeded';
    }

    return @wrong, map { public_id('out_', $_)
                         . ': paid by the operator, unknown to the ledger' }
                   sort { $a <=> $b } keys %paid;
}

1;
