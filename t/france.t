#!/usr/bin/perl

# The French table is a right configuration, with blocks of numbers made from
# a file of the regulator's form.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root write_file);
use Test::More;

my $t = Carrierpay::Test->start();
my $table = read_file(root() . '/conf/france.conf.example');
my $dir = "$t->{dir}/fr";
my $majnum = "$t->{dir}/MAJNUM.csv";

my %code = (FRTE => 'orange_fr', SFR0 => 'sfr_fr', BOUY => 'bouygues_fr',
            FREM => 'free_fr', LYCA => 'lycamobile', NRJM => 'nrj_mobile',
            TSAT => 'transatel', CORI => 'coriolis', SYMA => 'syma');

mkdir($dir);

# A block for each operator, and blocks that must be passed over.

my $n = 0;
my @rows = map { sprintf("06%03d;06%03d00000;06%03d99999;%s;M\xe9tropole;"
                         . "01/01/2017", ++$n, $n, $n, $_) } sort keys %code;

write_file($majnum, join("\r\n", 'EZABPQM;Tranche_Debut;Tranche_Fin;Mn',
    @rows, '0751;0751000000;0751999999;FRTE;M' . "\xe9tropole;01/01/2017",
    '01056;0105600000;0105699999;FRTE;M' . "\xe9tropole;01/01/2017",
    '069022;0690220000;0690229999;FRTE;Guadeloupe;01/01/2017',
    '07000;07000000000000;07000999999999;FRTE;M' . "\xe9tropole;01/01/2017",
    '0644;0644000000;0644999999;MOBI;M' . "\xe9tropole;01/01/2017", ''));

my @words = map { "$_=$code{$_}" } sort keys %code;
my ($status, $said) = prefixes($majnum, $dir, @words);

is($status, 0, 'the table of blocks is read');
is($said, "left out: MOBI, 1 blocks\n", 'the tool says what it leaves out');
is(read_file("$dir/orange_fr.prefixes"), "prefix 336004;\nprefix 33751;\n",
   'mobile blocks of the mainland become prefixes');

($status, $said) = prefixes($majnum, $dir, 'NONE=none');
isnt($status, 0, 'a code without a block is an error');
like($said, qr/no block of NONE \(none\)/, 'the error names the code');

($status, $said) = prefixes($majnum, $dir, 'FRTE=../x');
isnt($status, 0, 'a file name that leads elsewhere is an error');

write_file("$dir/$_->[0].networks", "network $_->[1];\n")
    for ['orange_fr', '192.0.2.0/24'], ['sfr_fr', '198.51.100.0/24'],
        ['bouygues_fr', '203.0.113.0/24'];

like($t->check_configuration(configuration($table)), qr/successful/,
     'conf/france.conf.example');

# The table says what the rules of the trade say.

my %mvnos = $table =~ /mvno \s+ (\w+) \s* \{ (.*?) \}/gsx;
my ($orange) = $table =~ /(carrierpay_operator orange_fr .*?\n\}\n)/s;

for my $mvno (sort keys %mvnos) {
    my ($type) = $mvnos{$mvno} =~ /type \s+ (\w+);/x;
    my ($billing) = $mvnos{$mvno} =~ /billing \s+ (\w+);/x;

    next if $type ne 'light';

    is($billing, $orange =~ /mvno $mvno / ? 'on' : 'off',
       "$mvno, light: " . ($billing eq 'on' ? 'on Orange' : 'elsewhere'));
}


sub prefixes {
    my (@arguments) = @_;
    my $said = `${\ root()}/conf/france-prefixes @arguments 2>&1`;

    return ($? >> 8, $said);
}


sub configuration {
    my ($table) = @_;
    my $passes = join('', map { "location $_ { internal; "
                                . "proxy_pass http://127.0.0.1:9; }\n" }
                          $table =~ /pass\s+(\S+);/g);

    return "load_module $t->{dir}/module.so;\nevents {}\nhttp {\n"
        . "access_log off;\n$table\nserver {\n"
        . "listen unix:$t->{dir}/check.sock;\ncarrierpay_egress;\n"
        . "$passes}\n}\n";
}
