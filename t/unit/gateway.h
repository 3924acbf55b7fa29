
#ifndef _CARRIERPAY_GATEWAY_H_INCLUDED_
#define _CARRIERPAY_GATEWAY_H_INCLUDED_


/*
 * Values as gateways of operators write them, encrypted by LibTomCrypt
 * (through Perl's CryptX), so that the vectors do not depend on the library
 * under test.  Keys are in hexadecimal; values, and the RSA key, which was
 * made for these tests, are in base64.
 */


#define GCM_KEY                                                               \
    "603deb1015ca71be2b73aef0857d7781"                                        \
    "1f352c073b6108d72d9810a30914dff4"

/* The cipher's key is that of NIST SP 800-38A, and the MAC's key follows. */

#define CBC_KEY                                                               \
    GCM_KEY                                                                   \
    "000102030405060708090a0b0c0d0e0f"                                        \
    "101112131415161718191a1b1c1d1e1f"

/* The key as RSAPrivateKey of PKCS #1, and the same key in PKCS #8. */

#define RSA_KEY                                                               \
    "MIIEpQIBAAKCAQEA1p/0qQpwhx8HBwunqNRnP4RBCl6YYStBqUXPDL8a4QwI"            \
    "uxKAEWYiJuA663pAA4WI0s/5lTXtEssIFrpbqyhDyJFlvoa3iijOaqgEXZsM"            \
    "Xa15C9daN8Dcwt6gNPLuT4BV56kIoVvEOezvsqkspDmgJ3WslbB5nbPnGaDA"            \
    "pD1NEkFfvPs6y3DxDoGwA+8knZ/c3G313gHdS3zGVndWu5oo0q16uNWtwb61"            \
    "2vLJ3EGwZhL0VMlZNVy/p8QJ8C4ysed44KDqlEsZi7BjDEpZisGSJwzJPy2y"            \
    "/DJHYi/5SwPEpow9wd+VjaLDkhSQky+QzhFcVjEYvu20H6VE4V+gp3bC6wID"            \
    "AQABAoIBAEfV9w5jS6G2TWRazs2v9jTov9pIKimP0GTnVDNYfZcor31p5kqs"            \
    "jC7F64KogueK2O5ypP9/sq+RHE57JraFfhaSL+NS9Pi9ysUhIoDwJfXu266O"            \
    "cIhruZhR6n5+dyxN8LLevWBAtk+LEfmTLTl0fjnm5ZKepD4YGnhV+VSfnf3H"            \
    "HYe1BBEdw1SDXsdU1qY+egRjni+H7bg+LJi3rDEFxa2OLAI2STWKBQ+2GG3J"            \
    "+bxcF8jnMiARTqqCPbvtltj7L8vZdao3rOj/pejgAqU0YBTcHrid49fd3xJZ"            \
    "o8Amn8LFpLkYLdSAHGM3GkPAoAAqkw/do1wGT5Xg8EVvgoWoO1UCgYEA2o3k"            \
    "ENYx8y/pTCv0u+C6AG5x0r+nV8qLoz+so1bqr6mMgwOoGKqfnB393peaaCjF"            \
    "eHruyMZ50nrvs/u5nxzasGqqkjGvWDZCj7kaAHQoSKeRp4Fo3eMHOrRklnan"            \
    "TEUpIVAGD5I9tc+Eny/TfZIa+1F4ItdlgwTYu0XnZfE2PT8CgYEA+2W2zvMD"            \
    "XIm8dFxrnS29QA6eAFyh31v7ghy2I2TBggDNhy5tFTq/xKsmwy5boJrtEkpn"            \
    "sjjkrh8BuEWP5+DErFKV9TBkS41cDWFGs+f9+MCYOcGu3O6e3P2FAuNdfhCx"            \
    "KfxT/syyEzZSp7Ul/CEAo/2i2Rf8e2W6ymjf2NonU1UCgYEAlH/owQ/pLKYX"            \
    "TOxpA+d0OqrQqDQVDm/PZYL0WJ/MIsN/d93aL7hvbvJp9v7nqXJairxs1vsU"            \
    "91EU4iReQaCnb0tqzp7312Y239UTt881N/iz3S7vBCUoWlkMJ7hDgG1Vvw7S"            \
    "r23chFaWdFtYxm+p6a23hWT50oZOhSDAU+ILyp0CgYEA5MPhP58J/wpjkGuN"            \
    "jeFSZtkmVGP29V8plnP0Fm8YW+nJHWtU3k2wthGc213zCUoR02QbyqVVC1Gx"            \
    "6fJ7CmGR9tHMHetkSRAgpRhRE2NXzCXOIDism+UUcTrN8BvgNtiPrworkSDK"            \
    "Jwt22Z/RKgcKIzCqIO1f1xZyjMA0eovB32UCgYEAxYnEZeciZ63KDfxW6TLK"            \
    "ZgDJXXHl4ZRZRfQ+MgrYHRzV12U4GAtEDaz9xgCD36u9OhUGjBycvhVQ8LEu"            \
    "S2YO3tBHwAyIkvn7X8oXZqz+SVH3y8dmrKzVYkZZKEbLw87jjF8rhifTqq/8"            \
    "fozphESfOfOTw3eWBG/9je/MZhSqFzE="

#define RSA_KEY_8                                                             \
    "MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQDWn/SpCnCH"            \
    "HwcHC6eo1Gc/hEEKXphhK0GpRc8MvxrhDAi7EoARZiIm4DrrekADhYjSz/mV"            \
    "Ne0SywgWulurKEPIkWW+hreKKM5qqARdmwxdrXkL11o3wNzC3qA08u5PgFXn"            \
    "qQihW8Q57O+yqSykOaAndayVsHmds+cZoMCkPU0SQV+8+zrLcPEOgbAD7ySd"            \
    "n9zcbfXeAd1LfMZWd1a7mijSrXq41a3BvrXa8sncQbBmEvRUyVk1XL+nxAnw"            \
    "LjKx53jgoOqUSxmLsGMMSlmKwZInDMk/LbL8MkdiL/lLA8SmjD3B35WNosOS"            \
    "FJCTL5DOEVxWMRi+7bQfpUThX6CndsLrAgMBAAECggEAR9X3DmNLobZNZFrO"            \
    "za/2NOi/2kgqKY/QZOdUM1h9lyivfWnmSqyMLsXrgqiC54rY7nKk/3+yr5Ec"            \
    "TnsmtoV+FpIv41L0+L3KxSEigPAl9e7bro5wiGu5mFHqfn53LE3wst69YEC2"            \
    "T4sR+ZMtOXR+Oeblkp6kPhgaeFX5VJ+d/ccdh7UEER3DVINex1TWpj56BGOe"            \
    "L4ftuD4smLesMQXFrY4sAjZJNYoFD7YYbcn5vFwXyOcyIBFOqoI9u+2W2Psv"            \
    "y9l1qjes6P+l6OACpTRgFNweuJ3j193fElmjwCafwsWkuRgt1IAcYzcaQ8Cg"            \
    "ACqTD92jXAZPleDwRW+Chag7VQKBgQDajeQQ1jHzL+lMK/S74LoAbnHSv6dX"            \
    "youjP6yjVuqvqYyDA6gYqp+cHf3el5poKMV4eu7IxnnSeu+z+7mfHNqwaqqS"            \
    "Ma9YNkKPuRoAdChIp5GngWjd4wc6tGSWdqdMRSkhUAYPkj21z4SfL9N9khr7"            \
    "UXgi12WDBNi7Redl8TY9PwKBgQD7ZbbO8wNcibx0XGudLb1ADp4AXKHfW/uC"            \
    "HLYjZMGCAM2HLm0VOr/EqybDLlugmu0SSmeyOOSuHwG4RY/n4MSsUpX1MGRL"            \
    "jVwNYUaz5/34wJg5wa7c7p7c/YUC411+ELEp/FP+zLITNlKntSX8IQCj/aLZ"            \
    "F/x7ZbrKaN/Y2idTVQKBgQCUf+jBD+ksphdM7GkD53Q6qtCoNBUOb89lgvRY"            \
    "n8wiw3933dovuG9u8mn2/uepclqKvGzW+xT3URTiJF5BoKdvS2rOnvfXZjbf"            \
    "1RO3zzU3+LPdLu8EJShaWQwnuEOAbVW/DtKvbdyEVpZ0W1jGb6nprbeFZPnS"            \
    "hk6FIMBT4gvKnQKBgQDkw+E/nwn/CmOQa42N4VJm2SZUY/b1XymWc/QWbxhb"            \
    "6ckda1TeTbC2EZzbXfMJShHTZBvKpVULUbHp8nsKYZH20cwd62RJECClGFET"            \
    "Y1fMJc4gOKyb5RRxOs3wG+A22I+vCiuRIMonC3bZn9EqBwojMKog7V/XFnKM"            \
    "wDR6i8HfZQKBgQDFicRl5yJnrcoN/FbpMspmAMldceXhlFlF9D4yCtgdHNXX"            \
    "ZTgYC0QNrP3GAIPfq706FQaMHJy+FVDwsS5LZg7e0EfADIiS+ftfyhdmrP5J"            \
    "UffLx2asrNViRlkoRsvDzuOMXyuGJ9Oqr/x+jOmERJ8585PDd5YEb/2N78xm"            \
    "FKoXMQ=="

/* The plain text is "33612345678". */

#define GCM_NUMBER                                                            \
    "yv66vvrO263eyviIlBTeQd115U6gqULelwxwtPh8xV3zF02L7ty6"

#define CBC_NUMBER                                                            \
    "AAECAwQFBgcICQoLDA0OD6m2TrQnbK1uk+EO2XpxBZZpccentKwRvNhVQjw5"            \
    "EjVS90Bf3XEBGGsYfF8sPNy3XA=="

#define RSA_NUMBER                                                            \
    "r/4IWvTysJjF8H4YblhucALhvJ9QhLyIcc6IeYR+ic0utJj+AZi0s2M8LCVn"            \
    "S+dx1VghdBOcKZaAoim7VIYfUOC9ui4+Kycgv+UDPhrtkdEZ4p+KAwdlJEZ2"            \
    "6zTuaZv4L/VpY2H9DLM6WLlHyZnGwPjFQtHmxTu55HGrnH0NFxBGEEt2q6uN"            \
    "nJ7Yk0rFybfYUuTfFDZDFgxcXWW6Lu2aWXga+8O02PnXNAbKngtktPJ7+hu2"            \
    "JPcIZC8oYui0ttFJpvr8ZdUd2184uLCS/keGnijlwQxfMGjsf9G1TIK/vfUp"            \
    "OFgYl+9AVre7reQ5rz6U4Q3b8JKsWvZptWYiXXJMOw=="

/* The plain text is "33612345678;1753000000". */

#define GCM_TIMED                                                             \
    "yv66vvrO263eyviIlBTeQd115U6gqUJA5s/68zfaEP4lfO2EVeKpXp6JfZnG"            \
    "CU64mYQ="

#define CBC_TIMED                                                             \
    "AAECAwQFBgcICQoLDA0OD1NRGnC8wrwrVQWL8x1DVIUQk1dwrCHU8hZgeUer"            \
    "9DInEk1GIbIBd5EjcyrhNdps/Y9tyX76jXG6isOgA4pq9Hs="

#define RSA_TIMED                                                             \
    "wFtFOGWQb5ZAOXlW+qSn0RZ94X4RWmflTbMc1IFa3gNjJvS399uuXHcanFgK"            \
    "5DIlV8PF29LrQ10lcpsrxewYOa6zXyc1M2FDUjgUIAX4YJp5Xb7BPHAyhqA/"            \
    "cKQ9R+VWUhMOiyOMZExU7BmRvqRl6JQHxOseZFWgncgqN22DA643E9mcqXUD"            \
    "eYzmfTLVK0OV7N6ruMBgtoVgZjLKNikZqJxcfxWW6wrCdrnToYf6IlhmirsT"            \
    "Vd7ZOmfdY8B3jcYOdDhMdP0RtkuyYJUrPu4If33rBvwEYg4MygB7m6wr8Y9p"            \
    "8oCatQ1CIPA7kQBPEEIGEVbiZ/uv+i0oM+P1LdtmXg=="

/* The plain text is empty. */

#define GCM_EMPTY                                                             \
    "yv66vvrO263eyviIuvl/AYsJcgKb8VtBlWcpww=="

#define CBC_EMPTY                                                             \
    "AAECAwQFBgcICQoLDA0OD36SSOXYKcp1k/DFSdsvW4xlrx6a7/VEYDNC0d0n"            \
    "NItPED/TYWFataX17L/PTcNgaw=="

#define RSA_EMPTY                                                             \
    "glCloUEPi9lIDU4a83yfVQW5mntqNTv2DY8YNwfLxCB7F5P+GtefPMgSXCki"            \
    "muJJw3zZ+eEhsKLH1t/E+eMfEJOU+mZAdS/cIMqRjdXlURj9u0h/CB7SHsS9"            \
    "+CO757nqAGW7VVr5WN4JjyYXuPfnezWKXpwSYuiQe9JynS2or3peimTokrwY"            \
    "WhhHIMhBDnAZmvO17DkH4hKdI8kRO2F904OucY2m92NvADk+Pa5ltzwRSMZ4"            \
    "P1mFGnwuADWJVQqdq/GY5ixIhPfowNPyD5s42Hup29DmwUdgicNuUYckSRI4"            \
    "ZRg5rW+UtbLje6YyeloZDyAmrRPpqn5gFnb5Svy/Iw=="

/* A right MAC around a wrong padding, and OAEP with SHA-1. */

#define CBC_PAD                                                               \
    "AAECAwQFBgcICQoLDA0OD8RZ60rL8Z228GcOUdx+QWJX1jHlCYJZ4JVD9rOo"            \
    "Cq/6pkkkqH0C8L2xYI7kmwOz8w=="

#define RSA_SHA1                                                              \
    "JdG137Br7jk6xu9GwJ/8wjGfuMEdBt8SDsEsjGCL41ci2bQc7zctdezd4eny"            \
    "juOJaWdIYqYW9UOKhKXsDOAO4fCoXqn14+P954T1X8N2WrcckKpTHga87tV+"            \
    "+icLo7l7BZohpag5tzfP2bC88lf+oveGhIaRDUUC+c0hmhD8oQX6N37cKmL4"            \
    "iiPh4vn8+0/bFdkZUH1cKu4+lsVcVAgDdRZPS+/o4nFUkIeTVCcPgg2Ep7KA"            \
    "ZIdPuIsSirPvDe7TQA7zMt861YJ8sTPVQpaZR0j2DW7NVDVX1/oA+hbFxaNV"            \
    "kr8jDN/hx+zLBVl3FpODOVThBcVjCgmlqjsO49OcoA=="

/* The padding and MAC after two blocks of NIST SP 800-38A, and unfit keys. */

#define NIST_PAD                                                              \
    "3a3aa5e0213db1a9901f9036cf5102d20050bc557dd0e14d2697e1d3c69f"            \
    "1d2f24b027ecc3c47402f8a93f7e1cbbd8d6"

#define EC_KEY                                                                \
    "MHcCAQEEINvfGJ77BukQFwUJijUs4aadcbHAao91/WiEjIZF3nZooAoGCCqG"            \
    "SM49AwEHoUQDQgAEWA2L4YQ50c1MIU/vQOIqQiXUnowtCQGHo7xOZONCpCQQ"            \
    "3vuL160xlt/etEwbLXkrtmOXFefqpVmVFG/pMHNdwQ=="

#define SMALL_RSA_KEY                                                         \
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALdnain2iAV3"            \
    "LKl+5eSttrh/SJYGocgtJeKoXofGjvc7TP0M/BP/YzG9G0XQngwUOB/PRMqD"            \
    "bjdubhTpuUiKQoR7JeyQE7s4twrGH3ToIMSqsKulizdhQx6h5FhnFGgqkyJO"            \
    "rVan1MTQxKNZfecGFiv9Zsjuk75sPjhoa0m+ghGVAgMBAAECgYANeBXO4SEa"            \
    "LadlB0HA6pUJtadSBUiqV855d94BYK6tL3i2+NYmbdIOHBI9rVV+E5oPk/w8"            \
    "Vyyn+38wH/4Qer7ptgGfLnJeVBSkT7mC/eR4qSDyuasGRAgAGy0DSlfwzfkD"            \
    "7oP2nXs5NhNdQV8ufkfz29vngleIsw9Wf90TT4pRfQJBANqquIIq1ajctHjQ"            \
    "UufWXqetl3dFKAIcu+xnwbEigft9Mnn+SVCfyuZeptJPuF7J3C8tFu7x/0f0"            \
    "j6D+ACHnMY8CQQDWt3TxDUpHTeWFbubi588wMMa0Uu90hJOUm/+v+bXJSn4w"            \
    "tPL9Aao44AnJRXx/fSHOjp53ChoQVvrkfakbX/CbAkEArMvOJGbPErLeFr6h"            \
    "VT2M7Tp7gC/xLsIgKu/PGzhmuSK1Wbv9ma28fBF+CKIg0x73VXxvLAGmNulm"            \
    "+tTdq+zztwJAbY/FMy8l5MaBxJl3ZPcGCMAK1H6xQxJXP/BuArx3nxPM2kuq"            \
    "5aEQ296t/67ePSt7sauifnmAHTBU63yXaqmE2wJAdyVDY/o4uABfOjs3DQSm"            \
    "Ygogg+oIdvbtfYYMXZ610fJIR3D5/CAHQT7innvb+TY4eytzVuDkMH0F2Pi7"            \
    "2fTfmg=="


#endif /* _CARRIERPAY_GATEWAY_H_INCLUDED_ */
