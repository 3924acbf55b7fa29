#!/usr/bin/perl

# What operations set and read with carrierpay-admin: what shoppers see of a
# merchant, and which messages a payment has had. Without nginx: the tool
# talks to PostgreSQL alone.

use strict;
use warnings;

use DBI;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Services qw(from_template root service write_file);
use Encode qw(encode);
use MIME::Base64 qw(encode_base64);
use Test::More;

my $admin = root() . '/conf/carrierpay-admin';
my $dir = tempdir('carrierpay-XXXXXXXX', DIR => '/tmp');

service('folder', $dir, '711');
from_template($dir);
service('start_postgres', "$dir/postgres", 'fsync=off');

my $dsn = "host=$dir/postgres dbname=carrierpay user=postgres";
my $dbh = DBI->connect("dbi:Pg:$dsn", undef, undef,
                       { RaiseError => 1, PrintError => 0 });

$dbh->do('set search_path = carrierpay');

# A merchant, with all that shoppers see.

my $name = encode('UTF-8', "Caf\x{e9} \x{20ac}");
my $id = admin('merchant', 'add', $name) =~ s/\s+//r;

like(admin('merchant', 'list'), qr/^$id\t\Q$name\E\ten$/m,
     'a name in UTF-8 is listed as it was given');
is(value("select encode(convert_to(name, 'UTF8'), 'hex') from merchant"
         . " where id = ?", $id), unpack('H*', $name),
   'a name in UTF-8 is stored as it was given');
is(admin('merchant', 'show', $id), join('', map { "$_\n" } "id\t$id",
    "name\t$name", "locale\ten", "support\t-", "terms\t-", "colour\t-",
    "logo\t-", "frames\t-"), 'a new merchant has nothing set');

my $png = "\x89PNG\r\n\x1a\n" . 'x' x 8184;
my $support = encode('UTF-8', "Appelez-nous \x{e0} toute heure: +33 1");

write_file("$dir/logo", $png);
admin('merchant', 'set', $name, '--locale=fr', "--support=$support",
      '--terms=https://shop.example/terms?a=b', '--colour=#1A2b3C',
      "--logo=$dir/logo", '--frames= https://a.example  '
      . 'https://*.b.example:8443 ');
is(admin('merchant', 'show', $name), join('', map { "$_\n" } "id\t$id",
    "name\t$name", "locale\tfr", "support\t$support",
    "terms\thttps://shop.example/terms?a=b", "colour\t1a2b3c",
    "logo\timage/png, 8192 bytes",
    "frames\thttps://a.example https://*.b.example:8443"),
   'a merchant shows all that was set');
is(value('select logo from merchant where id = ?', $id),
   'data:image/png;base64,' . encode_base64($png, ''),
   'the logo is stored as a data: URI');

admin('merchant', 'set', $id, '--name=Shop with a name', '--colour=');
like(admin('merchant', 'show', $id), qr/^name\tShop\ with\ a\ name\n
     locale\tfr\nsupport\t\Q$support\E\n.*^colour\t-\nlogo\timage/msx,
     'what is not named stays, and an empty value takes one back');
admin('merchant', 'set', $id, "--$_=") for qw(support terms logo frames);
like(admin('merchant', 'show', $id), qr/^support\t-\nterms\t-\ncolour\t-\n
     logo\t-\nframes\t-\n\z/mx, 'empty values take everything back');

for my $image (['image/jpeg', "\xff\xd8\xff\xe0 JFIF"],
               ['image/webp', "RIFF\x0a\x00\x00\x00WEBPVP8 "]) {
    my ($type, $bytes) = @$image;

    write_file("$dir/logo", $bytes);
    admin('merchant', 'set', $id, "--logo=$dir/logo");
    is(value('select logo from merchant where id = ?', $id),
       "data:$type;base64," . encode_base64($bytes, ''), $type);
}

# Options that are refused.

my %files = (large => $png . 'x', svg => '<svg xmlns="x"></svg>',
             gif => 'GIF89a', empty => '', riff => "RIFF\x0a\x00\x00\x00WAVE");
write_file("$dir/$_", $files{$_}) for keys %files;

my $before = admin('merchant', 'show', $id);

for my $case (
    ['a logo that is too large', qr/larger than 8192 bytes/,
     "--logo=$dir/large"],
    ['SVG', qr/not a PNG, JPEG or WebP image/, "--logo=$dir/svg"],
    ['GIF', qr/not a PNG, JPEG or WebP image/, "--logo=$dir/gif"],
    ['an empty file', qr/not a PNG/, "--logo=$dir/empty"],
    ['a sound', qr/not a PNG/, "--logo=$dir/riff"],
    ['no file', qr/No such file/, "--logo=$dir/none"],
    ['a folder', qr/Is a directory/, "--logo=$dir"],
    ['a colour by its name', qr/six hexadecimal digits/, '--colour=red'],
    ['four digits', qr/six hexadecimal digits/, '--colour=12ab'],
    ['a script for terms', qr/not an http/, '--terms=javascript:alert(1)'],
    ['a URL with a quote', qr/not an http/, '--terms=https://x/"onclick='],
    ['frames without TLS', qr/"https:\/\/HOST"/, '--frames=http://a.example'],
    ['one of two', qr/"https:\/\/HOST"/,
     '--frames=https://a.example http://b.example'],
    ['a policy in frames', qr/"https:\/\/HOST"/,
     '--frames=https://a.example; script-src *'],
    ['everybody', qr/"https:\/\/HOST"/, '--frames=*'],
    ['a path', qr/"https:\/\/HOST"/, '--frames=https://a.example/x'],
    ['a language by its name', qr/two letters/, '--locale=French'],
    ['a name of spaces', qr/--name/, '--name=  '],
    ['no name', qr/name requires/, '--name='],
    ['support of two lines', qr/--support: a control/, "--support=a\nb"],
    ['support of 201 bytes', qr/200 bytes/, '--support=' . 'x' x 201],
    ['bytes that are no text', qr/not UTF-8/, "--support=\xff\xfe"],
    ['a good value with a bad one', qr/six hexadecimal/, '--name=Other',
     '--colour=x'],
    ['nothing', qr/nothing to set/],
) {
    my ($what, $why, @options) = @$case;

    like(refused('merchant', 'set', $id, @options), $why,
         "$what: refused, with the reason");
}

is(admin('merchant', 'show', $id), $before,
   'a refused change changes nothing');
like(refused('merchant', 'set', 'Nobody', '--colour='),
     qr/no merchant "Nobody"/,
     'a merchant that does not exist cannot be changed');
like(refused('merchant', 'show', 999999), qr/no merchant "999999"/,
     'a merchant that does not exist cannot be shown');

# The messages of a payment are listed.

my $payment = 81985529216486895;

admin('subscriber', 'add', 'demo_fr', '33600000001', 1);
my $line = value('select max(id) from pseudonym where merchant_id = 1');

is(value("select result from payment_create(array[?::bigint], '{1}', '{f}',"
    . " array[md5('a')::uuid], array[md5('b')::uuid], '{499}', '{EUR}',"
    . " '{Coins}', '{null}', '{null}', '{null}', array[?::bigint],"
    . " '{4000000000000}', '{null}', '{fr}', array['\\xee'::bytea])",
    $payment, $line), 'processing', 'a payment is made');
is(messages(public($payment)), '', 'a payment without messages lists none');
is(value("select result from payment_finish(array[?::bigint],"
    . " '{succeeded}', '{null}', '{null}', '{body}', '{1001}', '{1002}')",
    $payment), 'applied', 'the payment succeeds, with receipts');
like(messages(public($payment)), qr/\A
    msg_00000000000z9\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z
        \tsms\treceipt\tqueued\t-\t-\t-\n
    msg_00000000000za\t\S+\tmail\treceipt\tqueued\t-\t-\t-\n\z/x,
    'the receipts are listed');

value('select count(*) from message_claim(10, 60000, 7)');
value("select count(*) from message_done('{1001,1002}', '{7,7}',"
    . " '{accepted,unknown}', '{kannel,smtp}', '{their-ref,null}',"
    . " '{2,null}', '{70000,null}', '{EUR,null}')");
value("select message_report(1001, 'delivered', '0')");
my $list = messages(public($payment));

like($list, qr/\tsms\treceipt\tdelivered\tkannel\t2\t0\.07\ EUR\n
     .*\tmail\treceipt\tunknown\tsmtp\t-\t-\n\z/sx,
     'the list has what became of the receipts, and the price');
unlike($list, qr/336|their-ref|\\x|\bee\b/,
       'the list has no number and no address');
like(refused('message', 'list', '--payment=' . public($payment + 1)),
     qr/no payment "pay_/,
     'messages of a payment that does not exist are refused');
like(refused('message', 'list', "--payment=$_"), qr/is not a payment/,
     "messages of \"$_\" are refused: it is not a payment")
    for $payment, 'sub_0000000000001', 'pay_1';
like(refused('message', 'list'), qr/--payment is missing/,
     'a list without a payment is refused');

$dbh->disconnect();
done_testing();

END {
    my $status = $?;

    service('stop_postgres', "$dir/postgres") if $dir;
    remove_tree($dir) if $dir && Test::More->builder->is_passing();
    $? = $status;
}


sub admin {
    my ($output, $status) = run(@_);

    is($status, 0, "$_[0] $_[1] succeeds") or diag($output);

    return $output;
}

sub refused {
    my ($output, $status) = run(@_);

    isnt($status, 0, "$_[0] $_[1] is refused");

    return $output;
}

# What a command prints, errors included, and its status.

sub run {
    my (@arguments) = @_;

    my $pid = open(my $pipe, '-|') // die "fork: $!\n";

    if ($pid == 0) {
        open(STDERR, '>&', \*STDOUT);
        exec($admin, "--dsn=$dsn", "--secrets=$dir/secrets", @arguments)
            or die "$admin: $!\n";
    }

    my $output = do { local $/; <$pipe> } // '';
    close($pipe);

    return ($output, $?);
}

sub messages { return admin('message', 'list', "--payment=$_[0]") }

sub value { return scalar($dbh->selectrow_array($_[0], undef, @_[1 .. $#_])) }

sub public {
    my ($number) = @_;
    my @digits = split(//, '0123456789abcdefghjkmnpqrstvwxyz');

    return 'pay_' . join('', map { $digits[$number >> 5 * $_ & 31] }
                                 reverse 0 .. 12);
}
