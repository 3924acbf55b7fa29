#!/usr/bin/perl

# Random operations on payments by two sessions at once, some of which end
# late, or not at all: after each, what must always be true of the ledger is.
#
# OPERATIONS=100000 SEED=7 prove t/sequences.t makes more of them, or the same
# again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Services qw(service);
use DBI;
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes ();

my $OPERATIONS = $ENV{OPERATIONS} // 1500;
my $SEED = $ENV{SEED} // time();

# A database of its own, and no worker.

my $dir = tempdir('/tmp/carrierpay-XXXXXXXX', CLEANUP => 1);

service('folder', $dir, '711');
service('start_postgres', "$dir/postgres", 'fsync=off');
service('deploy', "$dir/postgres");

my $eye = connection();

$eye->do('set search_path = carrierpay');
$eye->do($_) for split(/;\n/, <<'END');
insert into merchant (id, name) values (1, 'Shop');
insert into operator (code, name, country, currency, sandbox)
values ('demo_fr', 'Demo France', 'FR', 'EUR', true);
insert into vat_rate (country, category, valid_from, bp)
values ('FR', 'd', 0, 2000);
insert into endpoint (id, merchant_id, live, url, secret)
values (1, 1, false, 'http://127.0.0.1/a', '\x01');
insert into subscriber (id, msisdn_index, live, msisdn, operator)
select i, sha256(i::text::bytea), false, '\xaa01', 'demo_fr'
  from generate_series(1, 4) i;
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
select i, 1, i, false, 0, i, power(20, i), 'EUR' from generate_series(1, 4) i;
select contract_add(1, 'demo_fr', 0, null, 3000, 500, 10,
                    p_chargeback_bearer => 'p', p_non_payment_bearer => 'm',
                    p_chargeback_fee => 15);
insert into spend_limit (operator, merchant_id, apart, max_day, max_month,
                         restores)
values ('demo_fr', 0, false, 5000, null, true),
       ('demo_fr', 0, true, null, 4500, false);
create temp table ended (id bigint primary key, state "char", ended bigint)
END

diag("SEED=$SEED");
srand($SEED);

# The ids are those of a worker that does not exist.

my $epoch = 1735689600000;
my $last = 0;

sub fresh_id {
    my $ms = int(Time::HiRes::time() * 1000) - $epoch;
    my $id = $ms << 22 | 1000 << 12;

    $last = $id > $last ? $id : $last + 32;

    return $last;
}

# Two sessions with the rights of the service.

my @sessions = map { { dbh => session(), open => 0 } } 1, 2;

sub connection {
    return DBI->connect("dbi:Pg:dbname=carrierpay;host=$dir/postgres",
                        'postgres', '', { RaiseError => 1, PrintError => 0,
                                          AutoInactiveDestroy => 1 });
}

sub session {
    my $dbh = connection();

    $dbh->do('set role carrierpay');
    $dbh->do('set lock_timeout = 20');
    $dbh->{AutoCommit} = 0;

    return $dbh;
}

# Calls a function by the names of its parameters; what is not given is null,
# as many times as the operation has elements. Returns the first row, or undef
# when the session would have had to wait: then nothing was done.

my %parameters;

sub ask {
    my ($session, $function, $elements, %value) = @_;
    my $parameters = $parameters{$function} //= $eye->selectall_arrayref(q{
        select a.name, format_type(a.type, null) as type, a.ord
          from pg_proc p,
               unnest(p.proargnames, p.proargtypes::oid[])
               with ordinality a (name, type, ord)
         where p.oid = ?::regproc and a.ord <= p.pronargs
         order by a.ord}, { Slice => {} }, "carrierpay.$function");
    my (@list, @bind);

    for my $parameter (@$parameters) {
        my ($name, $type) = @$parameter{qw(name type)};

        if (exists($value{$name})) {
            push(@list, "?::$type");
            push(@bind, delete($value{$name}));
        } elsif ($type =~ /\[\]$/) {
            push(@list, 'array_fill(null::' . $type =~ s/\[\]//r
                        . ", array[$elements])");
        } else {
            push(@list, "null::$type");
        }
    }

    die "$function has no parameter " . join(', ', keys(%value)) . "\n"
        if %value;

    my $row = eval {
        $session->{dbh}->selectrow_hashref('select * from'
            . " carrierpay.$function(" . join(', ', @list) . ')', undef,
            @bind);
    };

    return $row if !$@;

    die $@ if $session->{dbh}->state !~ /^(?:55P03|40P01|57014)$/;
    $session->{dbh}->rollback();
    $session->{open} = 0;

    return;
}

# What operators report is written by people, not by the service.

sub ask_as_owner {
    my ($session, $function, %value) = @_;

    $session->{dbh}->do('set local role carrierpay_owner');

    my $row = ask($session, $function, 1, %value);

    $session->{dbh}->do('set local role carrierpay') if $row;

    return $row;
}

# The operations. Each takes any payment, in whatever state it is.

my (@payments, @refunds);

sub pick { return $_[int(rand(@_))] }
sub chance { return rand() < $_[0] }

my %operations = (
    charge => sub {
        my ($session) = @_;
        my $id = fresh_id();

        my $row = ask($session, 'payment_create', 1, order($id),
                      p_pseudonym_id => [1 + int(rand(4))]) or return;
        push(@payments, $id);
    },
    create => sub {
        my ($session) = @_;
        my $id = fresh_id();

        ask($session, 'payment_create', 1, order($id)) or return;
        push(@payments, $id);
    },
    begin => sub {
        my ($session) = @_;
        my $line = int(rand(6));
        my $again = $eye->selectcol_arrayref(
            "select id from payment where state = 'p' and attempts > 0"
            . ' order by attempts desc limit 3');

        ask($session, 'payment_begin', 1, p_payment_id => [
                pick(chance(0.5) && @$again ? @$again : @payments)],
            p_attempt => [fresh_id()], p_operator => ['demo_fr'],
            p_subscriber_id => [fresh_id()], p_pseudonym_id => [fresh_id()],
            p_msisdn_index => ['\\x' . "0$line" x 32],
            p_msisdn => ['\\xaa'], p_method => ['header_enrichment']);
    },
    finish => sub {
        my ($session) = @_;
        my $outcome = pick(qw(succeeded succeeded succeeded failed failed
                              unknown approval reserved reserved voided
                              void_refused));
        my $tried = $eye->selectcol_arrayref("select id from payment"
            . " where state = 'r' and attempt <> id");
        my $id = pick(chance(0.5) && @$tried ? @$tried : @payments);

        # of the attempt that it is at, or of one that was declined

        my $attempts = $eye->selectcol_arrayref(
            'select attempt from payment where id = ? and attempt is not null'
            . ' union all select id from attempt where payment_id = ?',
            undef, $id, $id);

        ask($session, 'payment_finish', 1, p_payment_id => [$id],
            p_outcome => [$outcome], p_operator_reference => ['op'],
            p_attempt => [chance(0.8) ? $$attempts[0] : pick(@$attempts)],
            p_code => [$outcome eq 'failed' ? 'insufficient_funds' : undef]);
    },
    cancel => sub {
        ask($_[0], 'payment_cancel', 1, p_payment_id => [pick(@payments)]);
    },
    expire => sub {
        my $late = $eye->selectcol_arrayref("select id from payment"
            . " where state = 'p' and expires < now_ms()");

        ask($_[0], 'payment_expire', 1, p_payment_id => [
            pick(chance(0.5) && @$late ? @$late : @payments)]);
    },
    capture => sub {
        ask($_[0], 'payment_capture', 1, merchant(),
            p_payment_id => pick(@payments), p_token => fresh_id(),
            p_amount => chance(0.5) ? 1 + int(rand(600)) : undef);
    },
    release => sub {
        ask($_[0], 'payment_release', 1, chance(0.7) ? merchant() : (),
            p_payment_id => pick(@payments), p_token => fresh_id());
    },
    refund => sub {
        my ($session) = @_;
        my $id = fresh_id();
        my $key = sprintf('%032x', chance(0.2) ? int(rand(50)) : $id);
        my $paid = $eye->selectcol_arrayref(
            "select id from payment where state = 's'");
        my $row = ask($session, 'refund_begin', 1, merchant(), p_id => $id,
            p_payment_id => pick(chance(0.7) && @$paid ? @$paid : @payments),
            p_key => $key, p_request => $key,
            p_amount => chance(0.7) ? 1 + int(rand(300)) : undef) or return;

        push(@refunds, $id) if $row->{result} eq 'processing';

        return 1;
    },
    refunded => sub {
        my ($session) = @_;
        my $outcome = pick(qw(succeeded succeeded failed unknown));
        my $reversals = $eye->selectcol_arrayref(
            "select id from refund where kind = 'b' and state <> 's'");

        @refunds or return;
        ask($session, 'refund_finish', 1, p_outcome => $outcome,
            p_id => pick(chance(0.3) && @$reversals ? @$reversals : @refunds),
            p_code => $outcome eq 'failed' ? 'refund_not_allowed' : undef,
            p_operator_reference => 'back');
    },
    charge_back => sub {
        my ($session) = @_;
        my $paid = $eye->selectcol_arrayref(
            "select id from payment where state = 's'");

        ask_as_owner($session, 'chargeback_add',
            p_payment_id => pick(chance(0.7) && @$paid ? @$paid : @payments),
            p_amount => chance(0.7) ? 1 + int(rand(300)) : undef,
            p_reason => pick(qw(c n f e)),
            p_reference => chance(0.2) ? 'cb-' . int(rand(20)) : undef);
    },
    take_back => sub {
        my ($session) = @_;
        my $row = $eye->selectrow_arrayref('select payment_id, number'
            . ' from chargeback order by random() limit 1') or return;

        ask_as_owner($session, 'chargeback_reverse', p_payment_id => $$row[0],
            p_number => $$row[1]);
    },
    claim => sub {
        my ($session) = @_;

        ask($session, pick(qw(payment_claim refund_claim)), 1, p_max => 3,
            p_lease_ms => 1, p_token => fresh_id());

        return $session->{open};
    },
);

sub merchant { return (p_merchant_id => 1, p_live => 'f') }

sub order {
    my ($id) = @_;
    my $key = sprintf('%032x', $id);

    return (p_id => [$id], p_merchant_id => [1], p_live => ['f'],
            p_idempotency => [$key], p_request => [$key],
            p_amount => [50 + int(rand(500))], p_currency => ['EUR'],
            p_description => ['Coins'], p_metadata => ['{}'],
            p_expires => [int(Time::HiRes::time() * 1000)
                          + (chance(0.2) ? -1 : 900000)],
            p_later_max => [chance(0.3) ? 5000 : undef],
            p_manual => [chance(0.3) ? 't' : 'f']);
}

# What must always be true, as queries for what breaks it. The look is at what
# is committed, so an operation that is open is not seen half.

my %always = (
    'what has ended stays as it is' => q{
        select p.id from payment p join ended e using (id)
         where p.state <> e.state or p.ended <> e.ended},
    'a state has an end, or none' => q{
        select id from payment
         where (state in ('s', 'f', 'c', 'x')) <> (ended is not null)},
    'a charge is posted when it succeeds, and else stands in suspense' => q{
        select p.id from payment p
          left join journal j on j.payment_id = p.id and j.operation = 1
         where (p.state = 's') <> (cardinality(j.accounts) > 2)
           and (p.state = 's' or cardinality(j.accounts) > 2)
            or cardinality(j.accounts) = 2 and not exists (
               select from refund r
                where r.payment_id = p.id and r.kind = 'b')},
    'what is posted is what was taken' => q{
        select p.id from payment p
          join journal j on j.payment_id = p.id and j.operation = 1
         where j.amounts[1] <> coalesce(p.captured, p.amount)},
    'no more is captured than was reserved' => q{
        select id from payment where captured > amount
            or captured is not null and not manual},
    'no more is paid back than was taken' => q{
        select p.id from payment p
          join refund r on r.payment_id = p.id and r.state <> 'f'
         group by p.id, p.captured, p.amount, r.attempt
        having sum(r.amount) + case when r.attempt is null then
                   chargeback_sum(p.id, false) else 0 end
               > case when r.attempt is null then
                   coalesce(p.captured, p.amount) else p.amount end},
    'no more is charged back than was taken' => q{
        select p.id from payment p
         where chargeback_sum(p.id, true)
               > coalesce(p.captured, p.amount) - coalesce(p.refunded, 0)
           and not exists (select from incident i
                            where i.payment_id = p.id
                              and i.kind = 'chargeback_held')},
    'the payment tells what was charged back' => q{
        select p.id from payment p
         where coalesce(p.charged_back, 0) <> chargeback_sum(p.id, false)},
    'a chargeback has a journal when it counts' => q{
        select b.payment_id from chargeback b
         where (b.counted is not null) <> exists (
               select from journal j where j.payment_id = b.payment_id
                  and j.operation = b.number)},
    'what is held has no room' => q{
        select b.payment_id from chargeback_view b
          join payment p on p.id = b.payment_id
         where b.state = 'held' and b.amount <= payment_left(p, false)},
    'a chargeback that was taken back leaves no loss' => q{
        select e.payment_id from entry e
          join chargeback b
            on b.payment_id = e.payment_id and b.number = e.operation
         where e.account = 'test:platform:loss' and exists (
               select from chargeback r where r.payment_id = b.payment_id
                  and r.reverses in (b.number, b.reverses))
         group by e.payment_id, coalesce(b.reverses, b.number)
        having sum(e.amount) <> 0},
    'each fee is posted once' => q{
        select b.payment_id from chargeback b
         where b.fee > 0 and b.counted is not null and 1 <> (
               select count(*) from posting f
                where f.reference = b.payment_id || '-' || b.number)},
    'attempts that were declined are counted' => q{
        select p.id from payment p
          left join attempt a on a.payment_id = p.id
         group by p.id, p.attempts
        having count(a.number) <> coalesce(p.attempts, 0)
            or coalesce(max(a.number), 0) <> coalesce(p.attempts, 0)},
    'what waits again has nothing of an attempt' => q{
        select id from payment
         where (state = 'p') <> (contract_id is null)
           and (state = 'p' or attempt is not null)
            or state = 'p' and coalesce(attempt, consent_id, subscriber_id,
                   pseudonym_id, share, tax, fee, contract_id) is not null},
    'what waits again is looked at when it expires' => q{
        select p.id from payment p
          left join payment_due d on d.payment_id = p.id
         where p.state = 'p' and p.attempts is not null
           and d.due_at is null},
    'a late attempt stands in suspense, and goes back' => q{
        select j.payment_id from journal j
         where j.operation < 0 and not exists (
               select from refund r join attempt a
                   on a.payment_id = r.payment_id and a.number = r.attempt
                where r.payment_id = j.payment_id and r.kind = 'b'
                  and r.attempt = -j.operation and r.id = a.id)},
    'the payment tells what was paid back' => q{
        select p.id from payment p
         where coalesce(p.refunded, 0) <> coalesce((
               select sum(r.amount) from refund r
                where r.payment_id = p.id and r.state = 's'
                  and r.kind = 'r'), 0)},
    'what counts without a page is what was charged so, or may have been' => q{
        select l.id from subscriber l
          left join spend s on s.msisdn_index = l.msisdn_index
           and s.live = l.live and s.unasked
         where coalesce(s.month_total, 0) <> coalesce((
               select sum(coalesce(p.captured, p.amount)
                          - coalesce(p.refunded, 0)) from payment p
                where p.subscriber_id = l.id and p.attempt = p.id
                  and p.spend_day >= date_trunc('month', s.day)
                  and p.state in ('r', 'a', 's')), 0)},
    'it is no more than was agreed' => q{
        select n.id from pseudonym n
          join subscriber l on l.id = n.subscriber_id
          join spend s on s.msisdn_index = l.msisdn_index
           and s.live = l.live and s.unasked
         where s.month_total > coalesce(n.later_max, 0)},
    'a refund has a journal when it has succeeded' => q{
        select r.id from refund r
         where (r.state = 's') <> exists (
               select from journal j where j.payment_id = r.payment_id
                  and j.operation = r.number)},
    'all that is paid back leaves nothing but our loss' => q{
        select e.payment_id from entry e
          join payment p on p.id = e.payment_id
         where coalesce(p.refunded, 0) + coalesce(p.charged_back, 0)
               = coalesce(p.captured, p.amount)
           and e.operation > 0 and not exists (
               select from refund r where r.payment_id = p.id
                  and r.number = e.operation and r.kind = 'b')
         group by e.payment_id, case when e.account <> 'test:platform:loss'
                                then e.account
                                else 'test:merchant:1:payable' end
        having sum(e.amount) <> 0},
    'the books sum to zero' => q{
        select 1 from balance having sum(amount) <> 0},
    'events are numbered without a gap, and each is owed' => q{
        select v.payment_id from event_view v
         group by v.payment_id
        having count(*) <> max(v.seq) or count(distinct v.seq) <> max(v.seq)},
    'a line has spent what it is charged, no more and no less' => q{
        select s.month_total from spend s
         where not s.unasked and s.month_total <> (
               select coalesce(sum(coalesce(p.captured, p.amount)
                               - coalesce(p.refunded, 0)), 0)
                 from payment p join subscriber l on l.id = p.subscriber_id
                where l.msisdn_index = s.msisdn_index and l.live = s.live
                  and p.state in ('r', 'a', 's')
                  and p.spend_day >= date_trunc('month', s.day)::date)},
    'and not a cent over its limits' => q{
        select 1 from spend
         where day_total > 5000 or merchant_id > 0 and month_total > 4500},
    'a worker looks at what has not ended' => q{
        select p.id from payment p
         where p.state in ('r', 'a') and p.attempt is distinct from p.id
           and not exists (select from payment_due d where d.payment_id = p.id)
           and not exists (select from incident i where i.payment_id = p.id)},
    'a worker looks at a refund that has not ended' => q{
        select r.id from refund r
         where r.state = 'r'
           and not exists (select from refund_due d where d.refund_id = r.id)
           and not exists (select from incident i
                            where i.payment_id = r.payment_id)},
    'no worker looks at what has ended' => q{
        select d.payment_id from payment_due d
          join payment p on p.id = d.payment_id
         where p.ended is not null and p.attempt is distinct from p.id},
);

# Where payments and refunds must have been, and how often each operation must
# have been done, for that to say anything: as long as that is not so, it goes
# on.

my @reached = ((map { ["select 1 from payment where state = '$_'",
                       "payments have come to be $_"] } qw(s f c x a p r)),
               (map { ["select 1 from refund where kind = '$$_[0]'"
                       . " and state = '$$_[1]'",
                       "refunds have come to be @$_"] }
                ['r', 's'], ['r', 'f'], ['b', 's']),
               ["select 1 from payment where failure_code ~ '^limit_'",
                'lines have come to their limits'],
               ["select 1 from payment where state = 's' and attempts > 1",
                'payments have been paid by a third attempt'],
               ["select 1 from payment where state = 'f' and attempts = 5",
                'payments have been tried five times'],
               ['select 1 from refund where attempt is not null',
                'late attempts have come to be paid back'],
               (map { ["select 1 from chargeback_view where bearer = '$$_[0]'"
                       . " and state = '$$_[1]'",
                       "chargebacks that the $$_[0] bears are $$_[1]"] }
                map { my $bearer = $_;
                      map { [$bearer, $_] } qw(held charged_back reversed) }
                    qw(merchant platform)));

my %done;
my $broken = '';

sub enough {
    return !(grep { ($done{$_} // 0) <= $OPERATIONS / 100 } keys(%operations))
           && !grep { !$eye->selectrow_array($_->[0]) } @reached;
}

for my $n (1 .. 10 * $OPERATIONS) {
    last if $n > $OPERATIONS && $n % 100 == 1 && enough();

    my $session = $sessions[int(rand(2))];
    my $name = $n < 20 ? pick(qw(charge create))
                       : pick(sort(keys(%operations)), qw(finish finish begin
                                                          refund));

    $session->{open} = 1;
    $done{$name}++ if $operations{$name}->($session);

    # an end may come late, when the other session has done more, or be lost

    next if $session->{open} && chance(0.2);

    if (chance(0.1)) {
        $session->{dbh}->rollback();
    } else {
        $session->{dbh}->commit();
    }

    $session->{open} = 0;

    # all is looked at now and then: each look reads all

    next if $n % 10;

    for my $what (sort(keys(%always))) {
        my $found = $eye->selectcol_arrayref($always{$what});

        $broken = "after $n operations: $what: @$found[0 .. ($#$found < 3
                  ? $#$found : 3)]" if @$found;
        last if $broken;
    }

    last if $broken;

    $eye->do(q{
        insert into ended
        select id, state, ended from payment where ended is not null
        on conflict do nothing});
}

is($broken, '', "what must be true is, after $OPERATIONS operations or more");
cmp_ok($done{$_} // 0, '>', $OPERATIONS / 100, "$_ was done often enough")
    for sort(keys(%operations));

ok($eye->selectrow_array($_->[0]), $_->[1]) for @reached;

$_->disconnect() for $eye, map { $_->{dbh}->rollback(); $_->{dbh} } @sessions;
service('stop_postgres', "$dir/postgres");
done_testing();
