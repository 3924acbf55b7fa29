#!/usr/bin/perl

# Charging records: files without a gap, the same to the byte when they are
# made again, and the row is named that is not what it was.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file write_file);
use DBI;
use Digest::SHA qw(sha256_hex);
use JSON::PP ();
use Test::More;

my $t = Carrierpay::Test->start();
my $dir = "$t->{root}/records";

mkdir($dir);

sub cdr {
    my ($user, @arguments) = @_;
    my $admin = "$FindBin::Bin/../conf/carrierpay-admin";

    open(my $pipe, '-|', 'sh', '-c', 'exec "$0" "$@" 2>&1', $admin,
         "--dsn=host=$t->{root}/postgres dbname=records user=$user",
         'cdr', @arguments) or die "$admin: $!\n";

    my $output = do { local $/; <$pipe> };
    close($pipe);

    return $output;
}

sub make { return cdr('carrierpay_recon', 'make', 'demo_fr', $dir, @_) }
sub json { return @{JSON::PP->new->decode(make(@_, '--json'))} }
sub name { return sprintf('%s/demo_fr_%06d.csv', $dir, $_[0]) }

# In a copy of the database, which nginx does not know, what was paid is moved
# into hours that are over.

my $now = $t->value('select floor(carrierpay.now_ms() / 3600000)');

sub change {
    my ($statement, @values) = @_;
    my $dbh = DBI->connect("dbi:Pg:dbname=records;host=$t->{root}/postgres",
                           'postgres', '', { RaiseError => 1 });

    $dbh->do($statement, undef, @values);
    $dbh->disconnect();
}

sub move {
    my ($payment, $operation, $hour) = @_;

    change('alter table carrierpay.journal disable trigger all');
    change('update carrierpay.journal set at = ? where payment_id = ?'
        . ' and operation = ?', ($now - $hour) * 3_600_000 + 1,
        Carrierpay::Test::private_id($payment->{id}), $operation);
    change('alter table carrierpay.journal enable always trigger'
            . ' journal_refuse');
}

my @payment = map { $t->pay('33600000001', amount => $_) } 499, 50, 1200, 77;
my $refund = $t->api(POST => "/v1/payments/$payment[0]{id}/refunds",
                     { amount => 5 })->{json};
my $from = $t->value("select to_char(to_timestamp(3600 * (?::bigint - 4))"
                     . " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24')", $now);

$t->stop_nginx();
$t->sql('create database records template carrierpay');
$t->start_nginx();

move($payment[0], 1, 4);
move($payment[1], 1, 4);
move($payment[2], 1, 4);
move($payment[0], 2, 3);
move($payment[3], 1, 1);

like(make(), qr/^carrierpay-admin: no template of "demo_fr": see/,
     'no file without a template');
like(cdr('carrierpay_recon', 'template', 'demo_fr', '--columns=row'),
     qr/the database role may not do this/,
     'reconciliation does not write templates');
is(cdr(qw(postgres template demo_fr --every=hour --decimal=.),
    '--columns=row,reference:Ref,kind,posted:Time,amount,currency,merchant',
    '--date-format=YYYY-MM-DD HH24:MI'), '', 'a template');
like(cdr(qw(postgres template demo_fr)),
     qr/^columns +row,reference:Ref,kind/m, 'and what it says');
like(make(), qr/--from is missing/, 'the first file begins somewhere');

my $hour = $from =~ tr/T/ /r;

# The workers' transactions are short: the last hour is closed at once. The
# clock may begin another one meanwhile.

my @files = (json("--from=$from", '--by=anna'))[-4 .. -1];

is_deeply([map { "$_->{file} $_->{rows} $_->{by}" } @files],
          ['4 1 anna', '3 0 anna', '2 1 anna', '1 3 anna'],
          'a file an hour, without a gap');
is(scalar(grep { $files[$_]{from} eq $files[$_ + 1]{to} } 0 .. 2), 3,
   'each begins where the one before ends');
is(read_file(name(1)), join('', map { "$_\r\n" }
   'row;Ref;kind;Time;amount;currency;merchant',
   map { my $n = $_ + 1; "$n;$payment[$_]{id};charge;$hour:00;"
         . qw(4.99 0.50 12.00)[$_] . ';EUR;1' } 0 .. 2),
   'the rows of an hour');
is(read_file(name(3)), "row;Ref;kind;Time;amount;currency;merchant\r\n",
   'an hour without postings is a file, too');
like(read_file(name(2)), qr/^1;$refund->{id};refund;[^;]+;0\.05;EUR;1\r$/m,
     'a refund has its own reference');
unlike(make(), qr/^demo_fr +out +[1-4] /m, 'none of them is made again');
like(make("--from=$from"), qr/--from is for the first file/,
     'no file begins elsewhere');

my $shown = cdr('carrierpay_recon', qw(show demo_fr 1));

like($shown, qr/^sha256 +@{[sha256_hex(read_file(name(1)))]}$/m,
     'its SHA-256 is kept');
like(cdr('carrierpay_recon', 'list'),
     qr/^demo_fr +out +1 .* 3 .* demo_fr_000001\.csv /m, 'it is listed');

# Once more, with another template in force.

my $bytes = read_file(name(1));

cdr(qw(postgres template demo_fr --every=day --columns=reference));
unlink(name(1));
like(make('--file=1'), qr/^demo_fr +out +1 /m, 'a file is made again');
is(read_file(name(1)), $bytes, 'the same to the byte');
like(make('--file=9'), qr/no file 9 was made/, 'one that was not made');

for my $case (
    ['row 2 differs: it is 2;' . $payment[1]{id} . ';charge;',
     'update carrierpay.journal set amounts = array[6, -6], accounts ='
     . ' array[accounts[1], accounts[2]] where payment_id = ?', 1],
    ['row 3, which it had, is missing',
     'update carrierpay.journal set at = at + 3600000 where payment_id = ?',
     2],
    ['row 4 is new: it is 4;' . $payment[3]{id},
     'update carrierpay.journal set at = at - 3 * 3600000'
     . ' where payment_id = ?', 3],
) {
    my ($why, $change, $which) = @$case;
    my $id = Carrierpay::Test::private_id($payment[$which]{id});

    change('create table kept as select * from carrierpay.journal'
            . ' where payment_id = ?', $id);
    change('alter table carrierpay.journal disable trigger all');
    change($change, $id);
    like(make('--file=1'),
         qr/^carrierpay-admin: demo_fr_000001\.csv is not what it was: \Q$why/,
         "what is not what it was: $why");
    is(read_file(name(1)), $bytes, 'the file that is there stays');
    ok(!-e name(1) . '.new', 'nothing is left beside it');
    change('update carrierpay.journal j set at = k.at, amounts = k.amounts,'
        . ' accounts = k.accounts from kept k where k.payment_id ='
        . ' j.payment_id and k.operation = j.operation');
    change('drop table kept');
    change('alter table carrierpay.journal enable always trigger'
            . ' journal_refuse');
}

for my $case (
    [qr/"none" is no folder/, 'make', 'demo_fr', 'none'],
    [qr/"x" is not the number of a file/, 'show', 'demo_fr', 'x'],
    [qr/no file 7 of "demo_fr"/, 'show', 'demo_fr', 7],
    [qr/--columns: no column "msisdn": amount, /, 'template', 'demo_fr',
     '--columns=row,msisdn'],
    [qr/--every is neither hour nor day/, 'template', 'demo_fr',
     '--columns=row', '--every=week'],
    [qr/--time-zone="Paris": no time zone/, 'template', 'demo_fr',
     '--columns=row', '--time-zone=Paris'],
    [qr/--date-format="DD": a date has/, 'template', 'demo_fr',
     '--columns=row', '--date-format=DD'],
) {
    my ($why, @arguments) = @$case;

    like(cdr('postgres', @arguments), $why, "what is wrong: $why");
}
