#!/usr/bin/perl

# Reconciliation: the operator's file is made of the sandbox operator's own
# record and then damaged, and each damage is found. What was unknown is ended
# by the file, and a contradiction is an incident.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use DBI;
use JSON::PP ();
use POSIX qw(strftime);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
our $HEADER = 'Date;Référence;Montant;Devise;Statut;Remarque';

$ENV{TZ} = 'Europe/Paris';
POSIX::tzset();

# As reconciliation has it: its own role, which may do nothing else.

sub admin {
    my ($user, @arguments) = @_;
    my $admin = "$FindBin::Bin/../conf/carrierpay-admin";

    open(my $pipe, '-|', 'sh', '-c', 'exec "$0" "$@" 2>&1', $admin,
         "--dsn=host=$t->{root}/postgres dbname=carrierpay user=$user",
         @arguments) or die "$admin: $!\n";
    my $output = do { local $/; <$pipe> };
    my $done = close($pipe);

    return ($output, $done);
}

sub recon { return (admin('carrierpay_recon', 'recon', @_))[0] }

sub json {
    my ($output, $done) = admin('carrierpay_recon', 'recon', @_, '--json');

    ok($done, "recon $_[0] succeeds") or diag($output);

    return @{JSON::PP->new->utf8->decode($output)};
}

# The next full second, once it has come, as the options have it.

sub full_second {
    my $second = int($t->value('select carrierpay.now_ms()') / 1000) + 1;

    $t->wait_for(sub {
        $t->value('select carrierpay.now_ms() >= ?', 1000 * $second)
    }, 'the next second');

    return strftime('%Y-%m-%dT%H:%M:%S', localtime($second));
}

# A line of the file: from one of the log, or as it is given.

my %STATUS = (charged => 'Payé', captured => 'Payé', refunded => 'Remboursé',
              declined => 'Échec', charged_back => 'Impayé',
              chargeback_reversed => 'Régularisé');

sub line {
    my (%entry) = @_;

    return join(';', strftime('%d/%m/%Y %H:%M:%S',
                              localtime($entry{at} / 1000)),
                $entry{reference},
                sprintf('%d,%02d', int($entry{amount} / 100),
                        $entry{amount} % 100),
                $entry{currency}, $STATUS{$entry{what}}, '"a; b"');
}

sub lines {
    return map { line(%$_) } grep { $STATUS{$_->{what}} } $t->operator_log();
}

sub file {
    my ($name, @lines) = @_;

    write_file("$t->{root}/$name", join('', map { "$_\r\n" } $HEADER, @lines));

    return "$t->{root}/$name";
}

# What is paid, and what is not.

my %known = map { $_ => $t->admin_reads("336000000$_,50000",
                                        qw(subscriber add demo_fr - 1)) }
                qw(02 06 07);
my $from = full_second();
my %payment = map { $_ => $t->pay('33600000001') }
                  qw(agrees amount missing twice denied refunded disputed);
my $refund = $t->api(POST => "/v1/payments/$payment{refunded}{id}/refunds",
                     { amount => 100 })->{json};

is($refund->{status}, 'succeeded', 'a payment is refunded in part');
$t->admin(qw(chargeback add), $payment{disputed}{id}, '--amount=100',
          '--reference=CB-1');
$t->admin(qw(chargeback add), $payment{disputed}{id}, '--amount=50',
          '--reference=CB-2');
$t->admin(qw(chargeback reverse), $payment{disputed}{id}, 2);
$payment{failed} = $t->charge_known($known{'02'})->{json};
$payment{lost} = $t->charge_known($known{'02'})->{json};
$payment{charged} = $t->charge_known($known{'06'})->{json};
$payment{silent} = $t->charge_known($known{'07'})->{json};
is($payment{$_}{outcome}, 'unknown', "the outcome is unknown: $_")
    for qw(charged silent);

# From now on the operator answers no question.

$t->expect(qr/connect\(\) to unix:\S+sandbox\.sock failed/);
$t->stop_sandbox();

my $to = full_second();
my @period = ("--from=$from", "--to=$to");

# The mapping; the owner of the schema writes it.

my @mapping = ('mapping', 'demo_fr', '--owner=anna',
    '--reference-column=Référence', '--amount-column=Montant', '--decimal=,',
    '--currency-column=Devise', '--status-column=Statut',
    '--succeeded=Payé', '--failed=Échec,Annulé', '--refunded=Remboursé',
    '--charged-back=Impayé', '--chargeback-reversed=Régularisé',
    '--date-column=Date', '--date-format=DD/MM/YYYY HH24:MI:SS',
    '--time-zone=Europe/Paris');

like(recon(qw(load demo_fr /dev/null), @period),
     qr/^carrierpay-admin: no mapping of "demo_fr": see/,
     'a file of an operator without a mapping');
like(recon(@mapping), qr/the database role may not do this/,
     'reconciliation does not write the mapping');
$t->admin('recon', @mapping);
like(recon(qw(mapping demo_fr)), qr/^refunded +Remboursé$/m,
     'and shows it');
like(recon(qw(mapping demo_fr)), qr/^charged_back +Impayé$/m,
     'with the word of a chargeback');
like($t->admin(qw(recon mapping demo_fr)), qr/^separator +;$/m,
     'what was not said of it');

# What is wrong with a file is said, and nothing of it is loaded.

my @lines = lines();

for my $case (
    ['line 3, column "Montant": no amount of EUR with a "," before the'
     . ' decimals', sub { $_[1] =~ s/4,99/4.99/ }],
    ['line 3, column "Montant": no amount of EUR', sub {
        $_[1] =~ s/4,99/4,999/ }],
    ['line 2, column "Montant": below zero, and no refund', sub {
        $_[0] =~ s/4,99/-4,99/ }],
    ['line 4, column "Devise": no currency', sub { $_[2] =~ s/EUR/EU/ }],
    ['line 4, column "Statut": none of the words', sub {
        $_[2] =~ s/Payé/Paye/ }],
    ['line 2, column "Date": no date as "DD/MM/YYYY HH24:MI:SS"', sub {
        $_[0] =~ s/^../1/ }],
    ['line 2, column "Date": not in the period', sub {
        $_[0] =~ s{/\d{4} }{/2025 } }],
    ['line 2, column "Référence": empty', sub { $_[0] =~ s/pay_\w+// }],
    ['line 2, column "Référence": a refund is named by its ref_...', sub {
        $_[0] =~ s/Payé/Remboursé/ }],
    ['line 2, column "Référence": a chargeback, with the status of', sub {
        $_[0] =~ s/pay_(\w+)/cbk_$1-2/ }],
    ['line 3: not as many values', sub { $_[1] =~ s/;EUR// }],
    ['line 1: no column "Montant"', sub { $HEADER =~ s/Montant/Prix/ }],
    ['line 1: two columns "Montant"', sub { $HEADER =~ s/Date/Montant/ }],
) {
    my ($why, $damage) = @$case;
    my @damaged = @lines;

    local $HEADER = $HEADER;
    $damage->(@damaged);

    my ($output, $done) = admin('carrierpay_recon', qw(recon load demo_fr),
                                file('wrong.csv', @damaged), @period);

    like($output, qr{^carrierpay-admin: \S+/wrong\.csv: \Q$why\E}m,
         "refused: $why");
    ok(!$done, "it fails: $why");
}

is($t->value('select (select count(*) from carrierpay.recon_row)'
             . ' + (select count(*) from carrierpay.cdr_file)'), 0,
   'nothing of a refused file is loaded');

# A session that may still post into the period keeps it open; one that only
# reads does not.

my %damaged = map { (split(/;/, $_))[1] => $_ } @lines;

sub of { return $damaged{$payment{$_[0]}{id}} }

sub changed {
    my ($which, $from, $to) = @_;

    return of($which) =~ s/$from/$to/r;
}

my %row = (at => $t->value('select carrierpay.now_ms()'), amount => 499,
           currency => 'EUR');

$t->sql('create role reader login');
$t->sql('grant connect on database carrierpay to reader');

my @sessions = map {
    DBI->connect("dbi:Pg:dbname=carrierpay;host=$t->{root}/postgres", $_, '',
                 { RaiseError => 1, PrintError => 0 })
} qw(reader carrierpay);
$_->begin_work(), $_->do('select 1') for @sessions;

my $end = full_second();
my $file = file('day.csv', of('agrees'), changed('amount', '4,99', '5,00'),
    of('twice'), of('twice'), changed('denied', 'Payé', 'Annulé'),
    of('refunded'), $damaged{$refund->{id}}, of('failed'), of('charged'),
    line(%row, what => 'charged', reference => $payment{lost}{id}),
    line(%row, what => 'declined', reference => $payment{silent}{id}),
    line(%row, what => 'charged', reference => 'pay_0000000000001'),
    of('disputed'), line(%row, what => 'charged_back', amount => 50,
                         reference => $payment{disputed}{id}) =~ s/;0,/;-0,/r,
    line(%row, what => 'charged_back', amount => 100, reference => 'CB-1'),
    line(%row, what => 'chargeback_reversed', amount => 100,
         reference => $payment{disputed}{id} =~ s/^pay_(.*)/cbk_$1-2/r),
    line(%row, what => 'charged_back', reference => $payment{missing}{id}));

like(recon(qw(load demo_fr), $file, "--from=$from", "--to=$end"),
     qr/period of the file is open: process \d+ of carrierpay, which runs/,
     'a transaction that may still post into the period keeps it open');
$sessions[1]->rollback();

my ($summary) = json(qw(load demo_fr), $file, "--from=$from", "--to=$end",
                     '--by=night');

$sessions[0]->rollback();
$_->disconnect() for @sessions;

is_deeply([map { $_ + 0 } @$summary{qw(file rows agrees amount only_ours
               only_theirs late double unknown contradicts)}],
          [1, 17, 9, 1, 1, 2, 0, 1, 2, 2], 'what the file differs in');

my %found = map { ($_->{of} // '') . " $_->{kind}" => $_ }
                json(qw(list --operator=demo_fr --file=1));

for my $case ([amount => 'amount', 'posted 499 EUR', 'succeeded 500 EUR',
               undef, 'open'],
              [missing => 'only_ours', 'posted 499 EUR', undef, undef, 'open'],
              [twice => 'double', undef, 'succeeded 499 EUR', undef, 'open'],
              [denied => 'contradicts', 'posted 499 EUR', 'failed 499 EUR',
               'conflict', 'open'],
              [lost => 'contradicts', 'failed 499 EUR', 'succeeded 499 EUR',
               'conflict', 'open'],
              [charged => 'unknown', 'processing 499 EUR', 'succeeded 499 EUR',
               'applied', 'settled'],
              [silent => 'unknown', 'processing 499 EUR', 'failed 499 EUR',
               'applied', 'settled']) {
    my ($which, $kind, @is) = @$case;

    is_deeply([@{$found{"$payment{$which}{id} $kind"} // {}}{
                   qw(ours theirs result state)}], \@is,
              "a difference: $which, $kind");
}

is($found{'pay_0000000000001 only_theirs'}{theirs}, 'succeeded 499 EUR',
   'a charge that only the operator knows');
is($found{"$payment{missing}{id} only_theirs"}{theirs},
   'charged_back 499 EUR', 'so is a chargeback');

# The ledger knows it now, and the merchant is told.

is($t->payment($payment{charged}{id})->{status}, 'succeeded',
   'what the operator had charged has succeeded');
is($t->payment($payment{silent}{id})->{status}, 'failed',
   'what it had not has failed');
is($t->wait_for_webhook($payment{charged}{id})->{json}{type},
   'payment.succeeded', 'the merchant is told');
like($t->admin('incident', 'list'),
     qr/^\d+ +$payment{lost}{id} +charged_not_recorded /m,
     'a charge of a payment that has failed is an incident');
like($t->admin('incident', 'list'),
     qr/^\d+ +$payment{denied}{id} +recorded_not_charged /m,
     'so is a success that the operator denies');

# Once more.

my $before = $t->value('select count(*) from carrierpay.recon_note');
my ($output, $done) = admin('carrierpay_recon', qw(recon load demo_fr), $file,
                            "--from=$from", "--to=$end");

ok($done, 'the same file once more');
like($output, qr/^The file was loaded before: nothing has changed\.$/m,
     'it says that it was loaded before');
is($t->value('select count(*) from carrierpay.recon_note'), $before,
   'nothing is written');
like(recon(qw(load demo_fr), file('other.csv', of('agrees')), "--from=$from",
           "--to=$to"), qr/a file that covers a part of this time is there/,
     'another file of the same time is refused');

# The file of the time after it has what was missing.

$row{at} = $t->value('select carrierpay.now_ms()');

my $next = full_second();
my $late = file('late.csv', line(%row, what => 'charged',
                                 reference => $payment{missing}{id}));
($summary) = json(qw(load demo_fr), $late, "--from=$end", "--to=$next");
is_deeply([@$summary{qw(rows agrees late)}], [1, 0, 1], 'one is late');
is_deeply([map { "$_->{file} $_->{kind} $_->{state}" }
           grep { ($_->{of} // '') eq $payment{missing}{id} }
           json(qw(list --operator=demo_fr --state=explained))],
          ['2 late explained', '1 only_ours explained'],
          'it explains what was missing');

# A file of the operator's own references, in minor units, as some programs
# write it; one file at a time.

$t->start_sandbox();

my $other = $t->pay('33600000001');
my $theirs = $t->value('select operator_reference from carrierpay.payment'
                       . ' where id = ?',
                       Carrierpay::Test::private_id($other->{id}));
my $after = full_second();
my $loading = DBI->connect("dbi:Pg:dbname=carrierpay;host=$t->{root}/postgres",
                           'carrierpay_recon', '', { RaiseError => 1 });

$t->admin(qw(recon mapping demo_fr --owner=anna --reference-column=id),
          qw(--theirs --amount-column=cents --status-column=state),
          qw(--succeeded=1 --failed=0), '--separator=,',
          '--time-zone=Europe/Paris');
write_file("$t->{root}/theirs.csv", "\xef\xbb\xbfid,cents,state\n"
           . "$theirs,499,1\n\"a \\ \"\"b\"\"\",1,1\nc,1,0\n");

my @theirs = ('load', 'demo_fr', "$t->{root}/theirs.csv", "--from=$next",
              "--to=$after");

$loading->do('select carrierpay.recon_begin()');
like(recon(@theirs), qr/another file is being loaded/,
     'one file is loaded at a time');
$loading->disconnect();
($summary) = json(@theirs);
is_deeply([@$summary{qw(rows agrees only_theirs)}], [3, 1, 2],
          'a file of their references');
is_deeply([sort map { $_->{reference} }
           json(qw(list --operator=demo_fr --file=3))], ['a \\ "b"', 'c'],
          'those that are none of ours are kept');

# The life of a difference.

my $id = $found{"$payment{amount}{id} amount"}{difference};

is(recon('assign', $id, '--owner=bob', '--by=anna',
         '--reason=knows the operator'), '', 'it gets another owner');
is(recon('resolve', $id, '--state=settled', '--by=bob',
         '--reason=the operator pays 0.01 back'), '', 'it is settled');

my ($shown) = json('show', $id);

is_deeply([@$shown{qw(state owner of kind)}],
          ['settled', 'bob', $payment{amount}{id}, 'amount'],
          'the difference as it is now');
like($shown->{history}, qr/Z\ anna:\ open\ of\ bob:\ knows\ the\ operator;
     \ \S+Z\ bob:\ settled\ of\ bob:\ the\ operator\ pays/x, 'its history');
unlike(recon('list'), qr/^$id /m, 'it is no open difference any more');

for my $case (
    [qr/no difference 999: see "recon list"/, 'show', 999],
    [qr/"x" is not a difference/, 'show', 'x'],
    [qr/--reason is missing/, 'resolve', $id, '--state=settled'],
    [qr/--state="gone": not one of open, /, 'resolve', $id, '--state=gone',
     '--reason=x'],
    [qr/--owner is missing/, 'assign', $id, '--reason=x'],
    [qr/--kind="other": not one of amount, /, 'list', '--kind=other'],
    [qr/--from="now": neither a day, YYYY-MM-DD, nor a time/, 'load',
     'demo_fr', $file, '--from=now', "--to=$to"],
    [qr/--to is not after --from/, 'load', 'demo_fr', $file, "--from=$to",
     "--to=$from"],
    [qr/none\.csv: No such file/, 'load', 'demo_fr', 'none.csv', @period],
) {
    my ($why, @arguments) = @$case;

    like(recon(@arguments), $why, "what is wrong: @arguments[0, 1]");
}

# What the file only claims to have been charged the operator cannot pay back.

$t->expect(qr/operator "demo_fr" says "failed" of a reversal/);
$t->wait_ok(sub {
    $t->due_now();
    return $t->value("select count(*) from carrierpay.refund where kind = 'b'"
                     . " and state = 'q'");
}, 'the reversal waits for people');

$t->sql("update carrierpay.incident set resolved_at = 1, owner = 'test'");
