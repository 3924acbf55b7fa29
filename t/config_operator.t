#!/usr/bin/perl

# The blocks of operators and MVNOs: nginx -t finds what is wrong with one, or
# with two of them together, and names the lines.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file write_file);
use MIME::Base64 qw(encode_base64);
use Test::More;

my $t = Carrierpay::Test->start();
my $file = "$t->{dir}/check.conf";
my $ported = "$t->{dir}/ported.csv";
my $right = configuration();

write_file("$t->{root}/secrets.operators",
           read_file("$t->{root}/secrets") . 'one_gcm 1 '
           . encode_base64(join('', map { chr } 1 .. 32), '') . "\n", 0600);
write_file($ported, "# moved away\n33612345678,20810\n\n"
           . "33612345679,one\r\n33612345680,one/virtual\n");
write_file("$t->{dir}/one.prefixes", "prefix 33612 33613;\nprefix 33614;\n");
write_file("$t->{dir}/one.networks",
           join('', map { sprintf("network 10.%d.%d.0/24;\n", $_ / 200,
                                  $_ % 200) } 0 .. 1999));

like($t->check_configuration($right), qr/test is successful/,
     'a right configuration is taken');
like($t->check_configuration($right =~ s/prefix=7 (?=.*# two)//r),
     qr/test is successful/, 'a numbering without mobile prefixes is taken');

like($t->check_configuration($right =~ s{limit (?=transaction)}
         {time_zone Europe/Paris; merchant_limit week=9 day=3;
          limit luxembourg month=20.5 }r),
     qr/test is successful/, 'limits of periods are taken');

# Name, what is replaced, by what, the message, and words whose lines it must
# name; without them it is the line of what was put in.

for my $case (
    # The operator as a whole.
    ['no country', qr/country FR;(?=.*# one)/, '', qr/no "country"/,
     'carrierpay_operator one'],
    ['no numbering', qr/numbering 33 len=9 .*# one/, '',
     qr/no "numbering"/, 'carrierpay_operator one'],
    ['no currency', 'currency EUR;', '', qr/"limit" needs a "currency"/,
     'limit'],
    ['no currency, no limit', qr/currency EUR;|limit \S+;/, '',
     qr/no "currency"/, 'carrierpay_operator one'],
    ['no dialect', 'dialect sandbox;', '', qr/no "dialect"/,
     'carrierpay_operator one'],
    ['no pass', 'pass /egress/one;', '', qr/no "pass"/,
     'carrierpay_operator one'],
    ['a header without network', qr/ network 192.*|include one.net\S+/, '',
     qr/no "network" to believe it from/, 'carrierpay_operator one'],
    ['mccmnc_header without mccmnc', 'mccmnc 20801 20802;', '',
     qr/"mccmnc_header" but no "mccmnc"/, 'carrierpay_operator one'],
    ['a capital in a name', 'operator two {', 'operator Two {', qr/"Two"/],
    ['a name of digits', 'operator two {', 'operator 20801 {',
     qr/not an MCCMNC: "20801"/],
    ['a name of 33 letters', 'operator two {', 'operator ' . 'a' x 33 . ' {',
     qr/"a{33}"/],
    ['an operator twice', 'operator two {', 'operator one {',
     qr/duplicate operator "one"/],
    ['settle too short', 'settle 5m;', 'settle 12s;', qr/"settle" is not 3/,
     'carrierpay_operator one'],
    ['not an MCCMNC', 'mccmnc 20801 20802;', 'mccmnc 20801 2080;',
     qr/"2080" is not an MCC/],

    # Networks.
    ['not a network', '192.0.2.0/24', '192.0.2.0/33', qr{"192\.0\.2\.0/33"}],
    ['bits after the prefix', '192.0.2.0/24', '192.0.2.1/24',
     qr{bits after the prefix}],
    ['the same network in two operators', '198.51.100.0/24', '192.0.2.0/24',
     qr/networks overlap/, 'network 192.0.2.0/24 203',
     'network 192.0.2.0/24;'],
    ['an address in a network', '198.51.100.0/24', '192.0.2.77',
     qr/networks overlap/, 'network 192.0.2.0/24 203', '192.0.2.77'],
    ['a network around another', '198.51.100.0/24', '192.0.0.0/16',
     qr/networks overlap/, 'network 192.0.2.0/24 203', '192.0.0.0/16'],
    ['mobile and fixed', '192.0.2.0/24', '203.0.113.128/25',
     qr/networks overlap/, 'network 203.0.113.128/25', 'fixed_network'],
    ['fixed and relay', '2001:db8::/32;', '2001:db9::/32;',
     qr/networks overlap/, 'carrierpay_network', 'fixed_network'],
    ['everything', '198.51.100.0/24', '2001::/16', qr/networks overlap/,
     'fixed_network', '2001::/16'],
    ['in an include', '198.51.100.0/24', '10.3.7.128/25',
     qr{"10\.3\.7\.0/24" in \S+/one\.networks:608 and "10\.3\.7\.128/25"},
     '10.3.7.128/25'],
    ['a network of no kind', 'network relay', 'network wifi',
     qr/"relay" or "vpn"/],
    ['a hop that is none', 'carrierpay_hop 10.255', 'carrierpay_hop 10.256',
     qr/"10\.256\.0\.0\/24" is not a network/],

    # Headers.
    ['no name', 'header X-MSISDN X-UP', 'header format=e164; #',
     qr/"header" directive has no name/],
    ['an unknown format', 'format=aes-256-gcm', 'format=rot13',
     qr/invalid parameter "format=rot13": /],
    ['an unknown parameter', 'window=300s', 'windows=300s',
     qr/invalid parameter "windows=300s": unknown/],
    ['a window that is no time', 'window=300s', 'window=x',
     qr/invalid parameter "window=x": no time/],
    ['a cipher without key', 'key=one_gcm', '',
     qr/with cipher, but no "key"/],
    ['a key without cipher', 'header X-MSISDN',
     'header X-M key=one_gcm; header X-MSISDN', qr/"key", but .* without/],
    ['a window without cipher', 'header X-MSISDN',
     'header X-M window=5m; header X-MSISDN', qr/"window", but .* without/],
    ['an unknown key', 'key=one_gcm', 'key=nobody',
     qr/key "nobody" of header "x-secret"/],
    ['a key of another cipher', 'format=aes-256-gcm', 'format=aes-256-cbc',
     qr/key "one_gcm" of header "x-secret"/],
    ['a name after the parameters', 'key=one_gcm', 'key=one_gcm X-MORE',
     qr/"X-MORE": a name after the parameters/],
    ['a bad name', 'header X-MSISDN', 'header X.MSISDN', qr/letters, digits/],
    ['an IMSI', 'header X-MSISDN', 'header X_IMSI', qr/IMSI/],
    ['a header of HTTP', 'header X-MSISDN', 'header Host',
     qr/HTTP needs for itself/],
    ['a header twice', 'header X-MSISDN', 'header x-msisdn X-MSISDN',
     qr/header "x-msisdn" is given twice/, 'header x-msisdn'],
    ['two MCCMNC headers', 'mccmnc_header X-MCCMNC;',
     'mccmnc_header X-MCCMNC; mccmnc_header X-M;', qr/duplicate/],

    # Numbers.
    ['too long', 'len=9', 'len=14', qr/impossible numbering: .*15 digits/],
    ['an unknown parameter', 'trunk=0', 'trunks=0', qr/"trunks=0"/],
    ['another trunk in one country', 'trunk=0 prefix=7', 'trunk=9 prefix=7',
     qr/the "trunk" of country code 33/, 'carrierpay_operator two'],
    ['mobile and fixed together', 'prefix=7 fixed=1,2,3,4,5,9', 'prefix=1',
     qr/"331" is given twice: as fixed/, 'numbering 33', 'prefix=1'],
    ['the same prefix in two operators', 'prefix=7', 'prefix=612',
     qr/prefix "33612" is given twice/, 'one.prefixes', '# two'],
    ['a prefix of another country', 'prefix 3375512', 'prefix 3475512',
     qr/"3475512" is outside the numbering of operator "one"/],
    ['a prefix of fixed lines', 'prefix 3375512', 'prefix 3315512',
     qr/"3315512" is outside the numbering of operator "one"/],
    ['a prefix that is none', 'prefix 3375512', 'prefix 33x',
     qr/"33x" is not a prefix/],
    ['the same prefix twice', 'prefix 3375514', 'prefix 3375512',
     qr/prefix "3375512" is given twice/, 'prefix 3375512 33', '3375512;'],

    # Billing.
    ['neither on nor off', 'billing off reason', 'billing no reason',
     qr/is not "on" or "off"/],
    ['a reason for on', 'billing off reason', 'billing on reason',
     qr/takes a "reason" only when "off"/],
    ['a bad reason', 'reason=no_contract', 'reason=No', qr/reason that is/],
    ['an unknown parameter of billing', 'reason=no_contract', 'because=no',
     qr/"because=no"/],
    ['billing twice', 'billing on; limit', 'billing on; billing on; limit',
     qr/"billing" directive is duplicate/],
    ['a limit in other digits', '=50.00', '=50.001',
     qr/"50\.001" is no amount of EUR/],
    ['a limit of nothing', '=50.00', '=0.00', qr/"0\.00" is no amount/],
    ['a limit of letters', '=50.00', '=x', qr/"x" is no amount/],
    ['an unknown limit', 'transaction=50', 'year=50', qr/"year=50\.00"/],
    ['a limit with digits that its currency has not', 'currency EUR;',
     'currency XAF;', qr/"50\.00" is no amount of XAF/, 'limit'],
    ['a limit by an unknown name', 'limit transaction', 'limit us transaction',
     qr/invalid parameter "us"/],
    ['a limit in another currency', 'limit transaction',
     'limit uk transaction', qr/limit "uk" is in GBP, .* is EUR/],
    ['a law for each merchant', 'limit transaction',
     'merchant_limit eu transaction', qr/invalid parameter "eu"/],
    ['a total of one payment', 'limit transaction', 'total_limit transaction',
     qr/invalid parameter "transaction=/],
    ['a total of a week', 'limit transaction',
     'country_limit week=1; limit transaction',
     qr/invalid parameter "week=1"/],
    ['a total without a time zone', 'limit transaction',
     'total_limit day=1; limit transaction', qr/needs a "time_zone"/],
    ['a month without a time zone', 'limit transaction',
     'limit month=1 transaction', qr/needs a "time_zone"/],
    ['an unknown time zone', 'limit transaction',
     'time_zone Europe/Nowhere; limit transaction',
     qr/is not a time zone of this system/],
    ['a folder as a time zone', 'limit transaction',
     'time_zone Europe; limit transaction', qr/is not a time zone/],
    ['a time zone outside', 'limit transaction',
     'time_zone ../../etc/passwd; limit transaction',
     qr/is not a time zone/],

    # Lookups.
    ['a lookup location that is not there', '/egress/one_lookup',
     '/egress/none', qr{/egress/none}, 'carrierpay_operator one'],
    ['an unknown parameter of lookup', 'cache=1h', 'keep=1h', qr/"keep=1h"/],
    ['no lookup at once', 'cache=1h', 'max=0', qr/"max=0"/],
    ['a cache that is no time', 'cache=1h', 'cache=x', qr/"cache=x"/],

    # MVNOs.
    ['no type', 'type light;', '', qr/mvno "virtual": no "type"/,
     'mvno virtual'],
    ['an unknown type', 'type light;', 'type thin;',
     qr/is not "full" or "light"/],
    ['no billing', 'billing on; # virtual', '',
     qr/mvno "virtual": no "billing"/, 'mvno virtual'],
    ['an MVNO twice', 'mvno barred', 'mvno virtual',
     qr/duplicate mvno "virtual"/],
    ['an MCCMNC twice', 'mccmnc 20898', 'mccmnc 20802',
     qr/mccmnc "20802" is given twice/, 'mccmnc 20801', 'mccmnc 20802'],
    ['an operator\'s directive', 'type light;', 'dialect sandbox;',
     qr/"dialect" directive is not allowed here/],
    ['an MVNO\'s directive', 'dialect sandbox;', 'type full;',
     qr/"type" directive is not allowed here/],

    # Ported numbers.
    ['no such file', 'ported.csv', 'none.csv',
     qr{none\.csv" cannot be opened \(2: }],
) {
    my ($name, $from, $to, $message, @at) = @$case;
    my $wrong = $right;

    $from = qr/\Q$from\E/ if !ref($from);
    $wrong =~ s/$from/$to/ or fail("$name: the test replaces nothing");

    my $line = line_of($wrong, $-[0]);

    $wrong =~ s/$from//g if $to eq '';

    my $output = $t->check_configuration($wrong);

    like($output, qr/\[emerg\] .*$message/, "$name: $message");
    unlike($output, qr/successful/, "$name: nginx -t fails");

    for my $at (@at ? map { line_of($wrong, $_) } @at : $line) {
        next if !defined($at);

        like($output, qr/\[emerg\].* in \S+:$at\b/,
             "$name: nginx -t names the line $at");
    }
}

for my $case (
    ['33612345678', 1, qr/not "number,MCCMNC" nor/],
    ['33612345678,', 1, qr/not "number,MCCMNC" nor/],
    [",20810", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678;20810", 1, qr/not "number,MCCMNC" nor/],
    ["0612345678,20810", 1, qr/not "number,MCCMNC" nor/],
    ["3361,20810", 1, qr/not "number,MCCMNC" nor/],
    ["+33612345678,20810", 1, qr/not "number,MCCMNC" nor/],
    ["3361234567801234,20810", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678,One", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678,one/", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678,one/virtual/x", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678,20810,2026", 1, qr/not "number,MCCMNC" nor/],
    ["33612345678,20810\n# x\n33612345679,three", 3,
     qr/unknown operator "three"/],
    ["33612345678,one/three", 1, qr{unknown operator "one/three"}],
    ["33612345678,20810\n33612345679,one\n33612345678,one", 3,
     qr/given twice: in \S+ported\.csv:1 and/],
    [join("\n", map { "3361234$_,n$_" } 1000 .. 18000), 16385,
     qr/more than 16384 owners/],
) {
    my ($text, $line, $message) = @$case;
    my $what = substr($text =~ s/\n/|/gr, 0, 40);

    write_file($ported, "$text\n");

    my $output = $t->check_configuration($right);

    like($output, qr/\[emerg\] .*$message/, "ported $what: $message");
    like($output, qr/\[emerg\].* in \S+ported\.csv:$line\b/,
         "ported $what: nginx -t names the line");
    unlike($output, qr/successful/, "ported $what: nginx -t fails");
}

write_file($ported, '');
like($t->check_configuration($right), qr/successful/,
     'a file without ported numbers is taken');


###############################################################################


# The number of the first line with this text, or of the position.

sub line_of {
    my ($text, $where) = @_;

    return undef if !defined($where);
    return 1 if $where =~ /prefixes$/;

    return $t->line_of($text, $where);
}


sub configuration {
    return <<"END";
load_module $t->{dir}/module.so;
events {}
http {
    access_log off;
    carrierpay_secrets $t->{root}/secrets.operators;
    carrierpay_ported $ported;
    carrierpay_hop 10.255.0.0/24;
    carrierpay_network relay 2001:db9:ffff::/48 172.224.0.0/12;
    carrierpay_network vpn 198.18.0.0/15;

    carrierpay_operator one {
        title "One";
        country FR; # one
        mccmnc 20801 20802;
        currency EUR;
        network 192.0.2.0/24 203.0.112.0/24;
        fixed_network 203.0.113.0/24 2001:db8::/32;
        include one.networks;
        header X-MSISDN X-UP-CALLING-LINE-ID;
        header X-SECRET format=aes-256-gcm key=one_gcm window=300s;
        mccmnc_header X-MCCMNC;
        numbering 33 len=9 prefix=6 trunk=0 fixed=1,2,3,4,5,9; # one
        include one.prefixes;
        billing on; limit transaction=50.00;
        dialect sandbox;
        pass /egress/one;
        lookup_pass /egress/one_lookup timeout=1s cache=1h;
        timeout 10s;
        settle 5m;
        mvno virtual {
            title "Virtual";
            type light;
            mccmnc 20898;
            prefix 3375512 3375513;
            prefix 3375514;
            billing on; # virtual
        }
        mvno barred { type full; mccmnc 20897; billing off; }
    }

    carrierpay_operator two {
        country FR;
        network 198.51.100.0/24;
        numbering 33 len=9 trunk=0 prefix=7 fixed=1,2,3,4,5,9; # two
        billing off reason=no_contract;
    }

    server {
        listen unix:$t->{dir}/check.sock;
        carrierpay_egress;
        location /egress/one { internal; proxy_pass http://127.0.0.1:9; }
        location /egress/one_lookup { internal;
                                      proxy_pass http://127.0.0.1:9; }
    }
}
END
}
