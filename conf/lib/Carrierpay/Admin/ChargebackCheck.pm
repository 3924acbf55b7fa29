package Carrierpay::Admin::ChargebackCheck;

# The part of the check of the ledger that is about chargebacks: each is
# recorded, posted and charged for as the contract of its payment says, and the
# payment tells of it.  The legs of their journals are checked with all others.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(chargeback_differences);

# Pairs of a payment and what is wrong.  Chargebacks are few, so they are read
# at once.

sub chargeback_differences {
    my ($dbh) = @_;
    my @found;

    my $rows = $dbh->selectall_arrayref(q{
        select b.*, p.state, p.live, p.currency, p.contract_id,
               case b.reason when 'n' then k.non_payment_bearer
                    else k.chargeback_bearer end as due_bearer,
               k.chargeback_fee, k.payable_account, k.revenue_account,
               o.amount as taken_amount, o.bearer as taken_bearer,
               o.reason as taken_reason, o.fee as taken_fee,
               o.counted as taken_counted,
               f.amounts as fee_amounts, f.accounts as fee_accounts,
               (f.live, f.currency, f.contract_id)
                   = (p.live, p.currency, p.contract_id) as fee_of_payment,
               exists (select from journal j
                        where j.payment_id = b.payment_id
                          and j.operation = b.number) as posted
          from chargeback b
          left join payment p on p.id = b.payment_id
          left join contract k on k.id = p.contract_id
          left join chargeback o
            on o.payment_id = b.payment_id and o.number = b.reverses
          left join posting f
            on f.kind = 'g' and f.reference = b.payment_id || '-' || b.number
         order by b.payment_id, b.number}, { Slice => {} });

    for my $row (@$rows) {
        push(@found, map { [$row->{payment_id},
                            "chargeback $row->{number}: $_"] }
                         wrong_record($row), wrong_postings($row));
    }

    return @found, wrong_sums($dbh), broken_sums($dbh), strange_fees($dbh);
}

# What is recorded beside what it should be.

sub wrong_record {
    my ($row) = @_;

    return 'of a payment that has not succeeded'
        if ($row->{state} // '') ne 's';

    if (defined $row->{reverses}) {
        return 'the reversal of no chargeback'
            if !defined $row->{taken_amount};

        return 'it counts, and what it reverses does not, or the other way'
            if defined $row->{counted} != defined $row->{taken_counted};

        return map { "its $_ is another than that of what it reverses" }
            grep { $row->{$_} ne $row->{"taken_$_"} }
                 qw(amount bearer reason fee);
    }

    return (
        $row->{bearer} ne $row->{due_bearer}
            ? 'another bears it than the contract says' : (),
        $row->{fee} != ($row->{bearer} eq 'm' ? $row->{chargeback_fee} : 0)
            ? "its fee is $row->{fee}, and not that of the contract" : (),
    );
}

# What is held is not posted, and neither is what the operator bears.

sub wrong_postings {
    my ($row) = @_;
    my $counts = defined $row->{counted};
    my $due = $counts && $row->{bearer} ne 'o';
    my $fee = $counts ? $row->{fee} : 0;
    my @amounts = @{$row->{fee_amounts} // []};
    my @accounts = @{$row->{fee_accounts} // []};
    my %posted;

    $fee = -$fee if defined $row->{reverses};
    @posted{@accounts} = @amounts;

    return (
        $due && !$row->{posted} ? 'not posted' : (),
        !$due && $row->{posted} ? 'posted, but it should not be' : (),
        ($posted{$row->{payable_account} // 0} // 0) != $fee
        || ($posted{$row->{revenue_account} // 0} // 0) != -$fee
        || @amounts > 2 || @amounts && !$row->{fee_of_payment}
            ? "its fee of $fee is not what was posted" : (),
    );
}

# The payments tell what was taken back, and with the refunds it is no more
# than was taken.

sub wrong_sums {
    my ($dbh) = @_;
    my $rows = $dbh->selectall_arrayref(q{
        select p.id, coalesce(p.charged_back, 0) as told,
               coalesce(s.posted, 0) as posted,
               coalesce(p.refunded, 0) + coalesce(s.counted, 0)
                   > coalesce(p.captured, p.amount) as over
          from payment p
          full join (
               select b.payment_id,
                      sum(v.amount) filter (where b.bearer <> 'o') as posted,
                      sum(v.amount) as counted
                 from chargeback b
                cross join lateral (
                      select case when b.reverses is null then b.amount
                             else -b.amount end as amount) v
                where b.counted is not null
                group by b.payment_id) s on s.payment_id = p.id
         where p.charged_back is not null or s.payment_id is not null
         order by p.id}, { Slice => {} });

    return map { my $row = $_; (
        $row->{told} != $row->{posted}
            ? [$row->{id}, "charged back $row->{told}, but its chargebacks are"
                           . " $row->{posted}"] : (),
        $row->{over} ? [$row->{id}, 'more was given back than was taken'] : (),
    ) } grep { defined $_->{id} } @$rows;
}

# What was given back grows, or shrinks, from nothing to what the payment
# tells, and each refund and chargeback has recorded how far it was by then: so
# each sum but the last is where one of them begins, and each but zero where
# one ends.

sub broken_sums {
    my ($dbh) = @_;

    return map { [$_->[0], "the sum $_->[1] of what was given back is of no"
                           . ' refund or chargeback'] }
        @{$dbh->selectall_arrayref(q{
            with step as (
                select r.payment_id, r.total + r.charged_back as sum,
                       r.amount
                  from refund r where r.kind = 'r' and r.state = 's'
                union all
                select b.payment_id, b.refunded + b.charged_back,
                       case when b.reverses is null then b.amount
                            else -b.amount end
                  from chargeback b
                 where b.counted is not null and b.bearer <> 'o'
            ), told as (
                select p.id, coalesce(p.refunded, 0)
                             + coalesce(p.charged_back, 0) as sum
                  from payment p
                 where p.refunded is not null or p.charged_back is not null
            )
            select payment_id, sum
              from (select payment_id, sum, 1 as ends from step
                     union all
                    select payment_id, sum - amount, -1 from step
                     union all
                    select id, 0, 1 from told
                     union all
                    select id, sum, -1 from told) s
             group by payment_id, sum having sum(ends) <> 0
             order by payment_id, sum})};
}

# Fees of chargebacks that are not recorded.

sub strange_fees {
    my ($dbh) = @_;

    return map { [$_->[0], 'the fee of a chargeback that is not recorded'] }
        @{$dbh->selectall_arrayref(q{
            select split_part(f.reference, '-', 1) from posting f
             where f.kind = 'g' and not exists (
                   select from chargeback b
                    where f.reference = b.payment_id || '-' || b.number)
             order by f.id})};
}

1;
