import { declareVariants } from './variants';

declareVariants(2, 4);
